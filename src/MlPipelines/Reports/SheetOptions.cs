namespace MlPipelines;

/// <summary>What a contact sheet shows.</summary>
public sealed record ContactSheetOptions
{
    /// <summary>The most images of a class, at least 1.</summary>
    public int PerClass { get; init => field = Check.AtLeast(value, 1, nameof(PerClass)); } = 8;

    /// <summary>Pixels that an image may be wide and high, at least 8: larger ones are shrunk, smaller ones magnified by a whole
    /// number.</summary>
    public int Size { get; init => field = Check.AtLeast(value, 8, nameof(Size)); } = 96;

    /// <summary>Seed of the choice; null for the context's.</summary>
    public int? Seed { get; init; }

    /// <summary>Column of the classes: text, keys or numbers.</summary>
    public string LabelColumnName { get; init => field = Check.Named(value, nameof(LabelColumnName)); } = "Label";

    /// <summary>Column of the images, or of the paths of their files; null for Image, another column of images, or ImagePath, the first
    /// of these that there is.</summary>
    public string? ImageColumnName { get; init; }
}

/// <summary>What a sheet of augmented images shows.</summary>
public sealed record AugmentationSheetOptions
{
    /// <summary>Number of images, at least 1; from as many classes as there are.</summary>
    public int Count { get; init => field = Check.AtLeast(value, 1, nameof(Count)); } = 4;

    /// <summary>Number of rows below the originals, at least 1.</summary>
    public int Epochs { get; init => field = Check.AtLeast(value, 1, nameof(Epochs)); } = 3;

    /// <summary>Seed of the choice, and of how a batch is mixed; null for the context's. What is drawn for an image follows from the
    /// step's own seed.</summary>
    public int? Seed { get; init; }

    /// <summary>Column of the classes; where there is none, nothing is said of them.</summary>
    public string LabelColumnName { get; init => field = Check.Named(value, nameof(LabelColumnName)); } = "Label";
}
