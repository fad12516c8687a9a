namespace MlPipelines.Execution.Kernels;

/// <summary>The size of one channel of an image.</summary>
readonly record struct PlaneSize(int Height, int Width)
{
    public int Area => Height * Width;
}
