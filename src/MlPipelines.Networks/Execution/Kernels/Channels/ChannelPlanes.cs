namespace MlPipelines.Execution.Kernels;

/// <summary>Normalization of [N,C,…]: sizes, what is added to the variance, and what results are clipped to.</summary>
readonly record struct ChannelPlanes(int Batch, int Channels, int Plane, float Epsilon, Bounds Clip)
{
    public double Count => (double)Batch * Plane;

    /// <summary>Where an image's plane of a channel begins.</summary>
    public int At(int image, int channel) => (image * Channels + channel) * Plane;

    /// <summary>By what a distance from the mean is multiplied.</summary>
    public float Factor(float scale, float variance) => (float)(scale / Math.Sqrt((double)variance + Epsilon));
}
