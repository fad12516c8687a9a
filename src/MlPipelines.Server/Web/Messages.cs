using System.ComponentModel;

namespace MlPipelines;

/// <summary>What POST /judge answers.</summary>
sealed record JudgeAnswer
{
    [Description("What POST /verdict refers to.")]
    public required string Id { get; init; }

    [Description("SHA-256 of the model's file.")]
    public required string Model { get; init; }

    [Description("The most probable class.")]
    public required string Class { get; init; }

    [Description("Its probability, from 0 to 1.")]
    public required float Score { get; init; }

    [Description("The most probable classes, the best first.")]
    public required IReadOnlyList<ClassScore> Scores { get; init; }

    [Description("Which places of the picture speak for a class; null unless it was asked for.")]
    public HeatMapAnswer? HeatMap { get; init; }
}

/// <summary>A class and its probability.</summary>
sealed record ClassScore(string Class, float Score);

/// <summary>A heat map over the picture as the network sees it.</summary>
sealed record HeatMapAnswer
{
    [Description("The class that it speaks for.")]
    public required string Class { get; init; }

    [Description("The probability of that class, from 0 to 1.")]
    public required float Score { get; init; }

    [Description("In pixels.")]
    public required int Width { get; init; }

    [Description("In pixels.")]
    public required int Height { get; init; }

    [Description("A PNG as a data: URI.")]
    public required string Image { get; init; }
}

/// <summary>What a user says of a judgement.</summary>
sealed record VerdictRequest
{
    [Description("The id that POST /judge gave.")]
    public string? Judgement { get; init; }

    [Description("True where the judgement is right.")]
    public bool? Right { get; init; }

    [Description("The class that the picture is of, where the judgement is wrong.")]
    public string? Class { get; init; }
}

/// <summary>What POST /verdict answers.</summary>
sealed record VerdictAnswer
{
    public required string Judgement { get; init; }

    [Description("The class that the model said.")]
    public required string Predicted { get; init; }

    [Description("The class that the user said.")]
    public required string Actual { get; init; }

    public required bool Right { get; init; }

    [Description("Whether it takes the place of an earlier verdict that said something else.")]
    public required bool Corrected { get; init; }
}

/// <summary>What GET /tally answers.</summary>
sealed record TallyAnswer(IReadOnlyList<GenerationAnswer> Generations);

/// <summary>What users said of one generation.</summary>
sealed record GenerationAnswer
{
    [Description("From 1, in the order in which they were first served.")]
    public required long Number { get; init; }

    [Description("SHA-256 of the model's file.")]
    public required string Model { get; init; }

    [Description("Name of the model's file.")]
    public required string Name { get; init; }

    public required DateTimeOffset Since { get; init; }

    [Description("Whether it is the one that this server judges by.")]
    public required bool Served { get; init; }

    [Description("Number of pictures judged.")]
    public required long Judged { get; init; }

    [Description("Number of judgements with a verdict.")]
    public required long Verdicts { get; init; }

    [Description("Number of those that are right.")]
    public required long Right { get; init; }

    [Description("Share of those; null where there is no verdict.")]
    public double? Accuracy { get; init; }

    [Description("The range in which the share lies with 95 % confidence (Wilson's); null where there is no verdict.")]
    public IReadOnlyList<double>? AccuracyInterval { get; init; }

    [Description("The confusion matrix: how often users said that what was predicted as one class is of another, or of the same.")]
    public required IReadOnlyList<ConfusionAnswer> Confusion { get; init; }
}

/// <summary>A cell of the confusion matrix that is not empty.</summary>
sealed record ConfusionAnswer(string Actual, string Predicted, long Count);

/// <summary>What GET /model answers.</summary>
sealed record ModelAnswer
{
    [Description("Name of the model's file.")]
    public required string Name { get; init; }

    [Description("SHA-256 of the model's file.")]
    public required string Model { get; init; }

    [Description("Number of the generation, as GET /tally counts them.")]
    public required long Generation { get; init; }

    [Description("Names of the classes.")]
    public required IReadOnlyList<string> Classes { get; init; }

    [Description("The most bytes of a picture's file.")]
    public required long MaxBytes { get; init; }

    [Description("Whether pictures are kept.")]
    public required bool KeepsPictures { get; init; }
}
