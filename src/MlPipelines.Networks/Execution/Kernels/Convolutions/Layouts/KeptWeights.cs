using System.Collections.Concurrent;

namespace MlPipelines.Execution.Kernels;

/// <summary>Weights of one node that are the same in every run, as algorithms lay them out: each layout is made once.</summary>
sealed class KeptWeights
{
    readonly ConcurrentDictionary<(Type Algorithm, int Floats), AlignedFloats> layouts = new();

    /// <summary>The layout of an algorithm.</summary>
    /// <param name="algorithm">Which it is.</param>
    /// <param name="floats">Its length.</param>
    /// <param name="layOut">Makes it.</param>
    public AlignedFloats Of(Type algorithm, int floats, Action<AlignedFloats> layOut) =>
        layouts.GetOrAdd((algorithm, floats), _ =>
        {
            var made = AlignedFloats.Allocate(floats);
            layOut(made);
            return made;
        });
}
