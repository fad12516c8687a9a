using MlPipelines.Networks;
using static MlPipelines.ImageClassificationTrainer;

namespace MlPipelines;

/// <summary>What is learnt: the network, what is learnt of it, and what it takes in.</summary>
sealed record ModelOptions
{
    public Architecture? Arch { get; init; }
    public Network? Network { get; init; }
    public Network? Pretrained { get; init; }
    public Head? Head { get; init; }
    public ImageClassifier? WarmStart { get; init; }
    public int? ImageHeight { get; init; }
    public int? ImageWidth { get; init; }
    public ResizingKind Resizing { get; init; } = ResizingKind.IsoCrop;

    /// <summary>The network that was trained before or is to be trained; null takes <see cref="Architectures.SmallCnn"/>.</summary>
    public Network? Backbone => Pretrained ?? Network;

    /// <summary>What a file of it is called.</summary>
    public string NetworkName => Arch?.ToString() ?? (Network is null ? "SmallCnn" : nameof(Network));
}
