namespace MlPipelines;

/// <summary>How a table lists images.</summary>
/// <remarks>A column that is not named is found by the name in the header, in any order: <c>path</c>, <c>file</c>, <c>filename</c>,
/// <c>image</c>, <c>ImagePath</c> and the like; <c>label</c>, <c>class</c>, <c>target</c>, <c>category</c> and the like; <c>split</c>,
/// <c>subset</c>, <c>partition</c>, or any other that holds nothing but names of parts. Of a table of two columns one may have any name.
/// Where that leaves a choice the table is refused.</remarks>
public sealed record CsvOptions
{
    /// <summary>What <see cref="SplitColumn"/> is where a column of a usual name does not say parts.</summary>
    public const string NoColumn = "none";

    /// <summary>Name of the column of the paths, or its number (from "1") when there is no header; null to find it.</summary>
    public string? PathColumn { get; init; }

    /// <summary>Name of the column of the labels, or its number; null to find it.</summary>
    public string? LabelColumn { get; init; }

    /// <summary>Name of the column that says which part an image belongs to (train, validation or val, test), or its number; null to find
    /// it, <see cref="NoColumn"/> for none.</summary>
    public string? SplitColumn { get; init; }

    /// <summary>Name of the column that says what an image was taken of (a patient, a scene), or its number; null for none. It becomes the
    /// column Group.</summary>
    public string? GroupColumn { get; init; }

    /// <summary>What stands between cells; null for the one of comma, tab and semicolon that the first line has: where it has several, the
    /// comma in a .csv file and the tab in any other.</summary>
    public char? Separator { get; init; }

    /// <summary>False when the first line is an image already, as in ML.NET's <c>tags.tsv</c>.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>Where relative paths start from, and do not leave; null for the folder of the table.</summary>
    public string? Folder { get; init; }
}
