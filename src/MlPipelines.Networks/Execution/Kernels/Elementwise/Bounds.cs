using MlPipelines.Native;

namespace MlPipelines.Execution.Kernels;

/// <summary>What a result is clipped to, or what passes on the way back: from <paramref name="Least"/> to <paramref name="Most"/>, both
/// included.</summary>
readonly record struct Bounds(float Least, float Most)
{
    /// <summary>Bounds that nothing lies beyond.</summary>
    public static Bounds None { get; } = new(float.NegativeInfinity, float.PositiveInfinity);

    /// <summary>A node's attributes least and most; what is not there bounds nothing.</summary>
    public static Bounds Of(KernelAttributes attributes) =>
        new(attributes.Float("least", None.Least), attributes.Float("most", None.Most));
}
