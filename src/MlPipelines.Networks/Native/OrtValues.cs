using MlPipelines.Tensors;

namespace MlPipelines.Native;

/// <summary>ONNX Runtime's values made of, and turned into, tensors.</summary>
static unsafe class OrtValues
{
    const int MostAxes = 32;

    /// <summary>A value over memory that must stay where it is until the value is released.</summary>
    internal static nint Over(OrtEnvironment environment, void* data, ElementType type, Shape shape, nuint bytes, string name)
    {
        var axes = shape.AsSpan();
        var sizes = stackalloc long[Math.Max(axes.Length, 1)];
        for (var i = 0; i < axes.Length; i++)
            sizes[i] = axes[i];
        // An empty tensor has no memory, but the runtime wants an address.
        var nowhere = 0L;
        nint value;
        environment.Api.Check(environment.Api.CreateTensorWithData(environment.Memory, data is null ? &nowhere : data, bytes, sizes, (nuint)axes.Length, (int)type, &value), name);
        return value;
    }

    /// <summary>A tensor that copies the value.</summary>
    internal static Tensor Copy(OrtEnvironment environment, nint value, string name)
    {
        var api = environment.Api;
        nint info;
        api.Check(api.GetTensorTypeAndShape(value, &info), name);
        ElementType type;
        Shape shape;
        try
        {
            (type, shape) = Facts(api, info);
        }
        finally
        {
            api.ReleaseTensorTypeAndShapeInfo(info);
        }
        if (type == ElementType.String)
            throw new NotSupportedException($"Session.Run: output '{name}' is text, needs numbers. Leave it out of the outputs asked for.");
        void* data;
        api.Check(api.GetTensorMutableData(value, &data), name);
        var bytes = GC.AllocateUninitializedArray<byte>(checked((int)(shape.Length * type.Size())));
        new ReadOnlySpan<byte>(data, bytes.Length).CopyTo(bytes);
        return new Tensor(type, shape, bytes);
    }

    /// <summary>Element type and shape; an axis that only a run decides is <see cref="Shape.Unknown"/>.</summary>
    internal static (ElementType Type, Shape Shape) Facts(OrtApi api, nint info)
    {
        int type;
        nuint rank;
        api.Check(api.GetTensorElementType(info, &type));
        api.Check(api.GetDimensionsCount(info, &rank));
        if (rank > MostAxes)
            throw new NotSupportedException($"Tensor: got {rank} axes, needs at most {MostAxes}.");
        var sizes = stackalloc long[MostAxes];
        api.Check(api.GetDimensions(info, sizes, rank));
        Span<int> axes = stackalloc int[(int)rank];
        for (var i = 0; i < axes.Length; i++)
            axes[i] = sizes[i] < 0 ? Shape.Unknown : checked((int)sizes[i]);
        return ((ElementType)type, Shape.Create(axes));
    }
}
