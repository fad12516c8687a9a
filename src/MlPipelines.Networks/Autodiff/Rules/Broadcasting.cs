using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Autodiff;

/// <summary>What undoes that an operator took a value several times over.</summary>
static class Broadcasting
{
    /// <summary>Sums over the axes along which a value of <paramref name="shape"/> was broadcast.</summary>
    public static Value SumTo(Value dx, Shape shape)
    {
        if (dx.Shape == shape)
            return dx;
        var lead = dx.Shape.Rank - shape.Rank;
        var axes = Enumerable.Range(0, dx.Shape.Rank).Where(axis => axis < lead || (shape[axis - lead] == 1 && dx.Shape[axis] != 1))
            .ToArray();
        var sum = axes.Length == 0 ? dx : Op.ReduceSum(dx, axes);
        return sum.Shape == shape ? sum : Op.Reshape(sum, shape.AsSpan());
    }
}
