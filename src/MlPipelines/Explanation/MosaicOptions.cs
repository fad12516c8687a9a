namespace MlPipelines;

/// <summary>How feature maps and filters are laid out as one picture.</summary>
public sealed record MosaicOptions
{
    /// <summary>How many maps are shown, from the first on; null for all.</summary>
    public int? Count { get; init => field = value is { } count ? Check.AtLeast(count, 1, nameof(Count)) : null; }

    /// <summary>Maps in a row; null for the least square that holds all.</summary>
    public int? Columns { get; init => field = value is { } columns ? Check.AtLeast(columns, 1, nameof(Columns)) : null; }

    /// <summary>White pixels between the maps.</summary>
    public int Padding { get; init => field = Check.AtLeast(value, 0, nameof(Padding)); } = 1;

    /// <summary>Whether each map is scaled by its own least and greatest number, and not by those of all.</summary>
    public bool ScalesEach { get; init; }

    /// <summary>The colours of the numbers.</summary>
    public ColourMap Colours { get; init; } = ColourMap.Grey;
}
