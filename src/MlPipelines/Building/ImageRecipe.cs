using System.Collections.Immutable;
using MlPipelines.Networks;

namespace MlPipelines;

/// <summary>How a classifier is made, all of it, so that a program can make it again.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Side">Width and height that pictures are brought to, in pixels.</param>
sealed record ImageRecipe(string Name, int Side)
{
    /// <summary>Epochs of a network from scratch.</summary>
    public const int ScratchEpochs = 20;

    /// <summary>Versions of each picture that a head learns from where pictures are changed.</summary>
    public const int Variants = 4;

    /// <summary>What is usual for training in steps.</summary>
    public static readonly ImmutableArray<Augmentation> UsualChanges =
        [new RandomFlip(), new RandomShift(0.1f), new RandomRotation(10), new RandomErasing(0.25f)];

    /// <summary>More than that: colours too.</summary>
    public static readonly ImmutableArray<Augmentation> StrongChanges = [new RandomFlip(), new TrivialAugment(), new RandomErasing(0.25f)];

    /// <summary>What has learnt already; null for a small network from scratch.</summary>
    public BuildNetwork? Network { get; init; }

    /// <summary>What is learnt on the features of <see cref="Network"/>; null where all is learnt.</summary>
    public Head? Head { get; init; }

    /// <summary>Epochs of the whole network, once its classifier was solved; null where it is not fine-tuned.</summary>
    public int? FineTuneEpochs { get; init; }

    /// <summary>How pictures of another shape are brought to the size.</summary>
    public ResizingKind Resizing { get; init; } = ResizingKind.IsoCrop;

    /// <summary>What happens to pictures at random while it learns.</summary>
    public ImmutableArray<Augmentation> Changes { get; init; } = [];

    /// <summary>Whether all is learnt at once, so that nothing is chosen by pictures that are watched.</summary>
    public bool LearnsAtOnce => Head is not null;

    /// <summary>Whether it begins with a network that has learnt nothing.</summary>
    public bool IsFromScratch => Network is null;

    /// <summary>Times that it goes through the pictures to learn from, forwards.</summary>
    public int Epochs => LearnsAtOnce ? 1 : FineTuneEpochs ?? ScratchEpochs;

    /// <summary>The trainer's options that say what is learnt and how.</summary>
    /// <param name="classes">How many there are.</param>
    public ImageClassificationTrainer.Options Options(int classes)
    {
        var options = new ImageClassificationTrainer.Options
        {
            FeatureColumnName = "Image",
            Network = Whole(classes),
            Head = Head,
            ImageHeight = Side,
            ImageWidth = Side,
            Resizing = Resizing,
            FeatureVariants = LearnsAtOnce && Changes.Length > 0 ? Variants : null,
        };
        if (LearnsAtOnce)
            return options;
        options.Epoch = Epochs;
        if (FineTuneEpochs is not null)
            options.FineTuning = new();
        else
            options.LearningRateScheduler = new OneCycle();
        return options;
    }

    /// <summary>The network that is learnt, or whose features are learnt from.</summary>
    /// <param name="classes">How many there are.</param>
    public Network Whole(int classes) => Network is null ? Architectures.SmallCnn(classes)
        : LearnsAtOnce ? Network.Network : Network.Network.Unfreeze().WithClassifier(new Dense(classes));
}
