namespace MlPipelines.Execution.Kernels;

/// <summary>Runs <paramref name="body"/> once for each index from 0 to <paramref name="count"/> − 1, in any order and on any number of
/// threads, and returns when all have ended.</summary>
/// <remarks>No kernel's result depends on the number of threads: parts and the order of sums follow from the shapes alone.</remarks>
delegate void ParallelFor(int count, Action<int> body);
