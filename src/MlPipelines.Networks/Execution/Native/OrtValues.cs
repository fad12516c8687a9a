using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MlPipelines.Tensors;
using Tensor = MlPipelines.Tensors.Tensor;

namespace MlPipelines.Native;

/// <summary>Name, element type and shape of a model's input or output; type <see cref="ElementType.Undefined"/> where it is no
/// tensor.</summary>
/// <param name="Axes">The name of each axis of unknown size, which has the same size wherever it has the same name;
/// empty where it has none.</param>
readonly record struct OrtValueFacts(string Name, ElementType Type, Shape Shape, IReadOnlyList<string> Axes);

/// <summary>ONNX Runtime's values made of, and turned into, tensors.</summary>
static unsafe class OrtValues
{
    // An empty tensor has no memory, but the runtime wants an address.
    static readonly AlignedMemory Nowhere = new(1);

    /// <summary>A value over memory that must stay where it is while the value, or what it is bound to, is in use.</summary>
    internal static OrtValue Over(void* data, ElementType type, Shape shape, long bytes) => OrtValue.CreateTensorValueWithData(
        OrtMemoryInfo.DefaultInstance, (TensorElementType)type, Sizes(shape),
        data is null ? Nowhere.DangerousGetHandle() : (nint)data, bytes);

    /// <summary>A tensor that copies the value.</summary>
    internal static Tensor Copy(OrtValue value, string name)
    {
        var facts = value.GetTensorTypeAndShape();
        if (facts.IsString)
            throw new NotSupportedException($"Session.Run: output '{name}' is text, needs numbers. Leave it out of the outputs asked for.");
        return new Tensor((ElementType)facts.ElementDataType, ShapeOf(facts.Shape), value.GetTensorMutableRawData().ToArray());
    }

    internal static OrtValueFacts Facts(string name, NodeMetadata value) => value.IsTensor
        ? new(name, (ElementType)value.ElementDataType, Shape.Create(value.Dimensions), value.SymbolicDimensions)
        : new(name, ElementType.Undefined, Shape.Scalar, []);

    static long[] Sizes(Shape shape)
    {
        var sizes = new long[shape.Rank];
        for (var i = 0; i < sizes.Length; i++)
            sizes[i] = shape[i];
        return sizes;
    }

    static Shape ShapeOf(long[] sizes)
    {
        Span<int> axes = stackalloc int[sizes.Length];
        for (var i = 0; i < axes.Length; i++)
            axes[i] = checked((int)sizes[i]);
        return Shape.Create(axes);
    }
}
