using System.Text.Json.Nodes;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>What a page of an evaluation has beside the scored rows.</summary>
public sealed record EvaluationPageOptions
{
    /// <summary>Said above.</summary>
    public string Title { get; init => field = Check.Named(value, nameof(Title)); } = "Evaluation";

    /// <summary>The columns; null for ML.NET's usual ones.</summary>
    public ScoredColumns? Columns { get; init; }

    /// <summary>Of the model that scored the rows: heat maps beside mistakes, and what it has learnt from that is like them; null for
    /// neither.</summary>
    public NetworkExplainer? Explainer { get; init; }

    /// <summary>Mistakes that get a heat map and neighbours, those of the greatest loss.</summary>
    public int Explained { get; init => field = Check.AtLeast(value, 0, nameof(Explained)); } = 60;

    /// <summary>Mistakes whose picture is shown, those of the greatest loss.</summary>
    public int Shown { get; init => field = Check.AtLeast(value, 0, nameof(Shown)); } = 5000;

    /// <summary>The rows that the model has learnt from, with Label and ImagePath or a column of images: counts by class, and the
    /// neighbours of mistakes; null where they are not known.</summary>
    public IDataView? LearntFrom { get; init; }

    /// <summary>The epochs of the training; null for no curves.</summary>
    public TrainingHistory? History { get; init; }

    /// <summary>What checks found in the data.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>A picture of what augmentation makes of images; null for none.</summary>
    public Image? Augmentations { get; init; }

    /// <summary>What ran, as in pipeline.json; null where it is not known.</summary>
    public JsonObject? Pipeline { get; init; }

    /// <summary>The command that repeats it; null where there is none.</summary>
    public string? Command { get; init; }
}
