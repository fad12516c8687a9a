using System.Collections.Immutable;

namespace MlPipelines.Networks;

/// <summary>Stages brought together to blocks, by what they compute: equal ones that follow each other are one, with their
/// number.</summary>
static class FoldedStages
{
    const int LongestPeriod = 8;

    /// <summary>Blocks, each named; equal ones together.</summary>
    public static ImmutableArray<Stage> Of(ImmutableArray<Stage> stages) => Repeated(Named(stages));

    /// <summary>Stages with branches, and convolutions that people count as one, as blocks with their names.</summary>
    public static ImmutableArray<Stage> Named(ImmutableArray<Stage> stages)
    {
        var named = ImmutableArray.CreateBuilder<Stage>();
        for (var i = 0; i < stages.Length;)
        {
            var (title, length) = Block(stages.AsSpan()[i..]);
            named.Add(title is null ? stages[i] : Together(title, stages.Slice(i, length), length));
            i += length;
        }
        return named.ToImmutable();
    }

    static (string? Title, int Length) Block(ReadOnlySpan<Stage> stages) => stages switch
    {
        [BranchingStage branching, ..] => (TitleOf(branching), 1),
        [LayerStage { Pointwise: (var from, var wide) }, LayerStage { IsDepthwise: true }, LayerStage { Pointwise: (_, var to) }, ..]
            when wide > from && wide > to => ("inverted residual block, no skip", 3),
        [LayerStage { Pointwise: (var from, var wide) }, LayerStage { IsDepthwise: true }, BranchingStage { IsExcitation: true },
            LayerStage { Pointwise: (_, var to) }, ..] when wide > from && wide > to => ("inverted residual block, no skip", 4),
        [LayerStage { IsDepthwise: true }, LayerStage { Pointwise: not null }, ..] => ("depthwise separable convolution", 2),
        _ => (null, 1),
    };

    static string TitleOf(BranchingStage branching)
    {
        var layers = branching.Ways.SelectMany(way => way).ToArray();
        var shortcut = branching.HasSkip ? "" : ", projected skip";
        return branching.Join.Title switch
        {
            "Add" when branching.HasSkip || branching.Ways is [_, [_]] or [[_], _] =>
                (layers.OfType<LayerStage>().Any(layer => layer.IsDepthwise) ? "inverted residual block" : "residual block") + shortcut,
            "Multiply" when branching.IsExcitation => "squeeze and excitation",
            "Concatenate" => branching.HasSkip ? "dense block" : "branches, concatenated",
            _ => "branches",
        };
    }

    static ImmutableArray<Stage> Repeated(ImmutableArray<Stage> stages)
    {
        string[] signatures = [.. stages.Select(stage => stage.Signature)];
        var folded = ImmutableArray.CreateBuilder<Stage>();
        for (var i = 0; i < stages.Length;)
        {
            var (period, times) = Enumerable.Range(1, LongestPeriod)
                .Select(length => (Length: length, Times: Times(signatures, i, length)))
                .Where(found => found.Times > 1 && found.Times >= Fewest(stages.AsSpan(i, found.Length)))
                .DefaultIfEmpty((Length: 1, Times: 1)).MaxBy(found => found.Length * found.Times);
            folded.Add(times == 1 ? stages[i] : Together(null, stages.Slice(i, period * times), period));
            i += period * times;
        }
        return folded.ToImmutable();
    }

    static BlockStage Together(string? title, ImmutableArray<Stage> stages, int period)
    {
        var (inside, times) = (stages[..period], stages.Length / period);
        // A block by itself that comes several times is that block, and no block of a block.
        if (inside is [BlockStage { Times: 1 } alone])
            (title, inside) = (alone.Title, alone.Inside);
        return new(title ?? (inside is [LayerStage] ? "layer" : "block"), inside, times, stages[^1].Output,
            stages.Sum(stage => stage.Parameters));
    }

    // Two plain layers are as quickly seen side by side.
    static int Fewest(ReadOnlySpan<Stage> stages)
    {
        foreach (var stage in stages)
            if (stage is BlockStage)
                return 2;
        return 3;
    }

    static int Times(string[] signatures, int first, int period)
    {
        var times = 1;
        while (first + (times + 1) * period <= signatures.Length
            && signatures.AsSpan(first, period).SequenceEqual(signatures.AsSpan(first + times * period, period)))
            times++;
        return first + period <= signatures.Length ? times : 0;
    }
}
