using MlPipelines.Execution;
using MlPipelines.Native;
using MlPipelines.Tensors;

namespace MlPipelines.Tests.Execution;

/// <summary>What tests of the category Gpu run on; they are skipped, with the reason, where it cannot start.</summary>
static class NvidiaProcessor
{
    /// <summary>How far results may lie apart, of 1 and their size: products there have ten bits of mantissa (TF32).</summary>
    public const double Tolerance = 2e-2;

    static readonly Lazy<string?> Missing = new(() =>
    {
        try
        {
            using var session = new Session(Models.Doubling(), new() { Device = Device });
            session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Of<float>([1, 3], [1, 2, 3]) });
            return null;
        }
        catch (NativeException error)
        {
            return error.Message;
        }
    });

    public static Device Device => Device.Cuda();

    public static void SkipWhereThereIsNone() => Assert.SkipWhen(Missing.Value is not null, Missing.Value ?? "");
}
