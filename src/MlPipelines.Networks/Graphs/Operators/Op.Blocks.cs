using MlPipelines.Tensors;

namespace MlPipelines.Graphs;

public static partial class Op
{
    internal static readonly Operator[] BlockMoves =
    [
        new(nameof(DepthToSpace), InferDepthToSpace),
        new(nameof(SpaceToDepth), InferSpaceToDepth),
    ];

    /// <summary>Channels as blocks of places. x [N,C·b·b,H,W] → [N,C,H·b,W·b].</summary>
    public static Value DepthToSpace(Value x, int block) => Apply(nameof(DepthToSpace), [x], new() { { "blocksize", block } });

    /// <summary>Blocks of places as channels. x [N,C,H·b,W·b] → [N,b·b·C,H,W].</summary>
    public static Value SpaceToDepth(Value x, int block) => Apply(nameof(SpaceToDepth), [x], new() { { "blocksize", block } });

    static Inferred[] InferDepthToSpace(Node node)
    {
        var (x, block) = Blocks(node);
        if (x[1] != Shape.Unknown && x[1] % (block * block) != 0)
            throw node.Error($"input {x} has {x[1]} channels, needs a multiple of {block * block}.");
        return [new(node.Input(0).Type, [x[0], Times(x[1], 1, block * block), Times(x[2], block, 1), Times(x[3], block, 1)])];
    }

    static Inferred[] InferSpaceToDepth(Node node)
    {
        var (x, block) = Blocks(node);
        if (x.Skip(2).Any(size => size != Shape.Unknown && size % block != 0))
            throw node.Error($"input {x} has height and width that are no multiples of {block}.");
        return [new(node.Input(0).Type, [x[0], Times(x[1], block * block, 1), Times(x[2], 1, block), Times(x[3], 1, block)])];
    }

    static (Shape X, int Block) Blocks(Node node)
    {
        var (x, block) = (node.Input(0).Shape, node.Attributes.Int("blocksize"));
        return x.Rank != 4 ? throw node.Error($"input has shape {x}, needs [batch,channels,height,width].")
            : block is < 1 or > 1024 ? throw node.Error($"blocksize is {block}, needs 1 to 1024.")
            : (x, (int)block);
    }

    static int Times(int size, int factor, int divisor) => size == Shape.Unknown ? size : checked(size * factor / divisor);
}
