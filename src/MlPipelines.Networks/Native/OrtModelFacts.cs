using MlPipelines.Tensors;

namespace MlPipelines.Native;

/// <summary>Name, element type and shape of a model's input or output; type <see cref="ElementType.Undefined"/> where it is no tensor.</summary>
readonly record struct OrtValueFacts(string Name, ElementType Type, Shape Shape);

/// <summary>What a loaded model says of itself.</summary>
static unsafe class OrtModelFacts
{
    internal static OrtValueFacts[] Inputs(nint session)
    {
        var api = OrtApi.Current;
        return Values(session, api.SessionGetInputCount, api.SessionGetInputName, api.SessionGetInputTypeInfo);
    }

    internal static OrtValueFacts[] Outputs(nint session)
    {
        var api = OrtApi.Current;
        return Values(session, api.SessionGetOutputCount, api.SessionGetOutputName, api.SessionGetOutputTypeInfo);
    }

    internal static Dictionary<string, string> Metadata(nint session)
    {
        var environment = OrtEnvironment.Current;
        var api = environment.Api;
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        nint handle;
        api.Check(api.SessionGetModelMetadata(session, &handle));
        try
        {
            byte** keys;
            long count;
            api.Check(api.ModelMetadataGetKeys(handle, environment.Allocator, &keys, &count));
            for (var i = 0; i < count; i++)
            {
                byte* value;
                api.Check(api.ModelMetadataLookup(handle, environment.Allocator, keys[i], &value));
                metadata[environment.Take(keys[i])] = environment.Take(value);
            }
            if (count > 0)
                api.Check(api.AllocatorFree(environment.Allocator, keys));
        }
        finally
        {
            api.ReleaseModelMetadata(handle);
        }
        return metadata;
    }

    static OrtValueFacts[] Values(
        nint session,
        delegate* unmanaged<nint, nuint*, nint> countOf,
        delegate* unmanaged<nint, nuint, nint, byte**, nint> nameOf,
        delegate* unmanaged<nint, nuint, nint*, nint> typeOf)
    {
        var environment = OrtEnvironment.Current;
        var api = environment.Api;
        nuint count;
        api.Check(countOf(session, &count));
        var values = new OrtValueFacts[count];
        for (nuint i = 0; i < count; i++)
        {
            byte* name;
            nint type, tensor;
            api.Check(nameOf(session, i, environment.Allocator, &name));
            api.Check(typeOf(session, i, &type));
            try
            {
                api.Check(api.CastTypeInfoToTensorInfo(type, &tensor));
                var (element, shape) = tensor == 0 ? (ElementType.Undefined, Shape.Scalar) : OrtValues.Facts(api, tensor);
                values[i] = new(environment.Take(name), element, shape);
            }
            finally
            {
                api.ReleaseTypeInfo(type);
            }
        }
        return values;
    }
}
