using System.Collections.Concurrent;

namespace MlPipelines.Execution.Kernels;

/// <summary>Weights of one node that are the same in every run, as algorithms lay them out: each layout is made once.</summary>
sealed class KeptWeights
{
    readonly ConcurrentDictionary<(Type Algorithm, int Floats), float[]> layouts = new();

    /// <summary>The layout of an algorithm.</summary>
    /// <param name="algorithm">Which it is.</param>
    /// <param name="floats">Its length.</param>
    /// <param name="layOut">Makes it.</param>
    public float[] Of(Type algorithm, int floats, Action<float[]> layOut) =>
        layouts.GetOrAdd((algorithm, floats), _ =>
        {
            var made = GC.AllocateUninitializedArray<float>(floats);
            layOut(made);
            return made;
        });
}
