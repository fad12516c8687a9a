using System.Collections.Immutable;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>A part of a network as people draw it, with one value before it and one behind.</summary>
/// <param name="Output">Shape of its result, channels first.</param>
/// <param name="Parameters">Number of its parameters.</param>
abstract record Stage(Shape Output, long Parameters)
{
    /// <summary>What it computes, without names: stages of one signature are drawn alike.</summary>
    public abstract string Signature { get; }

    /// <summary>Layers in it.</summary>
    public virtual int Layers => 1;

    protected static string Joined(IEnumerable<Stage> stages) => string.Join(';', stages.Select(stage => stage.Signature));
}

/// <summary>What a layer is, as far as a drawing tells them apart.</summary>
enum StageKind { Image, Convolution, Pooling, Dense, Join, Other }

/// <summary>One layer.</summary>
/// <param name="Name">Its name in the network.</param>
/// <param name="Title">What it computes, with its numbers: Conv 3×3, 64, stride 2.</param>
/// <param name="Then">What is done with its result: BatchNorm, ReLU.</param>
/// <param name="Output">Shape of its result.</param>
/// <param name="Parameters">Number of its parameters.</param>
sealed record LayerStage(string Name, string Title, string Then, Shape Output, long Parameters) : Stage(Output, Parameters)
{
    public StageKind Kind { get; init; } = StageKind.Other;

    /// <summary>Channels before and behind a convolution of single places over all channels; null for other layers.</summary>
    public (int From, int To)? Pointwise { get; init; }

    /// <summary>Whether it has a filter of its own for each channel.</summary>
    public bool IsDepthwise { get; init; }

    public override string Signature => $"{Title}|{Then}|{Output}";
}

/// <summary>Ways that part and meet again; one without stages is a skip connection.</summary>
/// <param name="Ways">What stands on each way.</param>
/// <param name="Counts">How many equal ways each one stands for.</param>
/// <param name="Join">Where they meet.</param>
sealed record BranchingStage(ImmutableArray<ImmutableArray<Stage>> Ways, ImmutableArray<int> Counts, LayerStage Join)
    : Stage(Join.Output, Join.Parameters + Ways.Zip(Counts, (way, count) => way.Sum(stage => stage.Parameters) * count).Sum())
{
    public bool HasSkip => Ways.Any(way => way.IsEmpty);

    /// <summary>Whether maps are multiplied with numbers that are computed from their means.</summary>
    public bool IsExcitation => HasSkip && Join.Title == "Multiply"
        && Ways.Any(way => way is [LayerStage { Kind: StageKind.Pooling }, ..]);

    public override string Signature =>
        $"({string.Join('/', Ways.Zip(Counts, (way, count) => $"{count}×{Joined(way)}"))}){Join.Signature}";

    public override int Layers => Join.Layers + Ways.Zip(Counts, (way, count) => way.Sum(stage => stage.Layers) * count).Sum();
}

/// <summary>Layers whose ways cross: they cannot be drawn beside each other.</summary>
/// <param name="Inside">The layers in order.</param>
/// <param name="Links">Numbers of the layers that are linked, −1 for what is before them all.</param>
sealed record TangledStage(ImmutableArray<LayerStage> Inside, ImmutableArray<(int From, int To)> Links)
    : Stage(Inside[^1].Output, Inside.Sum(layer => layer.Parameters))
{
    public override string Signature => $"{{{Joined(Inside)}:{string.Join(',', Links)}}}";

    public override int Layers => Inside.Length;
}

/// <summary>Stages that are one thing to people, once or several times one behind the other.</summary>
/// <param name="Title">What they are: residual block.</param>
/// <param name="Inside">The stages of the first time.</param>
/// <param name="Times">How often.</param>
/// <param name="Output">Shape of the last result.</param>
/// <param name="Parameters">Of all times together.</param>
sealed record BlockStage(string Title, ImmutableArray<Stage> Inside, int Times, Shape Output, long Parameters) : Stage(Output, Parameters)
{
    public override string Signature => $"[{Times}×{Joined(Inside)}]";

    public override int Layers => Times * Inside.Sum(stage => stage.Layers);
}
