using MlPipelines.Native;

namespace MlPipelines.Execution.Kernels;

/// <summary>A window but for its extents: strides, pads [top,left,bottom,right] and dilations as ONNX names them.</summary>
readonly record struct WindowFrame(long[] Strides, long[] Pads, long[] Dilations)
{
    public static WindowFrame Of(KernelAttributes attributes) =>
        new(attributes.Ints("strides", [1, 1]), attributes.Ints("pads", [0, 0, 0, 0]), attributes.Ints("dilations", [1, 1]));

    public Window Window(int height, int width) => new(
        new(height, (int)Strides[0], (int)Dilations[0], (int)Pads[0], (int)Pads[2]),
        new(width, (int)Strides[1], (int)Dilations[1], (int)Pads[1], (int)Pads[3]));
}
