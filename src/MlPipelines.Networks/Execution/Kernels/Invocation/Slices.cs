namespace MlPipelines.Execution.Kernels;

/// <summary>Cuts a long run of elements into slices of one fixed length, which does not depend on the number of threads.</summary>
static class Slices
{
    // A multiple of every vector's width, so that only the last slice has a tail. Tails use the same fused operations as the vectors before
    // them: an element's result does not depend on where it lies.
    const int Length = 1 << 14;

    /// <summary>Runs <paramref name="body"/> with the start and count of each slice.</summary>
    public static void Each(int total, ParallelFor parallel, Action<int, int> body) =>
        parallel((total + Length - 1) / Length, slice => body(slice * Length, Math.Min(Length, total - slice * Length)));
}
