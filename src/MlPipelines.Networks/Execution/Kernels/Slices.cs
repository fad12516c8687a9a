namespace MlPipelines.Execution.Kernels;

/// <summary>Cuts a long run of elements into slices of one fixed length, which does not depend on the number of threads.</summary>
static class Slices
{
    const int Length = 1 << 14;

    /// <summary>Runs <paramref name="body"/> with the start and count of each slice.</summary>
    public static void Each(int total, ParallelFor parallel, Action<int, int> body) =>
        parallel((total + Length - 1) / Length, slice => body(slice * Length, Math.Min(Length, total - slice * Length)));
}
