namespace MlPipelines;

/// <summary>How a table lists images.</summary>
public sealed record CsvOptions
{
    /// <summary>Name of the column of the paths, or its number (from "1") when there is no header; null for the first one.</summary>
    public string? PathColumn { get; init; }

    /// <summary>Name of the column of the labels, or its number; null for the second one.</summary>
    public string? LabelColumn { get; init; }

    /// <summary>What stands between cells; null for ',' in a .csv file and a tab in any other.</summary>
    public char? Separator { get; init; }

    /// <summary>False when the first line is an image already, as in ML.NET's <c>tags.tsv</c>.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>Where relative paths start from, and do not leave; null for the folder of the table.</summary>
    public string? Folder { get; init; }
}
