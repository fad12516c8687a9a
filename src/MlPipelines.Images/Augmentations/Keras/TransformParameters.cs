namespace MlPipelines;

/// <summary>One transform, drawn: the same image gives the same result. Names are those of Keras's dictionary.</summary>
public sealed record TransformParameters
{
    /// <summary>Angle in degrees; which way it turns depends on <see cref="KerasCompatibility"/>.</summary>
    public double Theta { get; init; }

    /// <summary>Pixels, from the height shift: each row is taken from so many further down. With
    /// <see cref="KerasCompatibility.Current"/>: each column from further right.</summary>
    public double Tx { get; init; }

    /// <summary>Pixels, from the width shift: each column is taken from so many further right. With
    /// <see cref="KerasCompatibility.Current"/>: each row from further down.</summary>
    public double Ty { get; init; }

    /// <summary>Angle in degrees.</summary>
    public double Shear { get; init; }

    /// <summary>Factor of row coordinates, more than 0: below 1 magnifies. With <see cref="KerasCompatibility.Current"/> of
    /// columns.</summary>
    public double Zx { get; init => field = Check.MoreThan(value, 0, nameof(Zx)); } = 1;

    /// <summary>Factor of column coordinates, more than 0. With <see cref="KerasCompatibility.Current"/> of rows.</summary>
    public double Zy { get; init => field = Check.MoreThan(value, 0, nameof(Zy)); } = 1;

    /// <summary>Mirrored, left for right.</summary>
    public bool FlipHorizontal { get; init; }

    /// <summary>Mirrored, top for bottom.</summary>
    public bool FlipVertical { get; init; }

    /// <summary>Added to all channels, within the image's own least and greatest value; null for nothing.</summary>
    public double? ChannelShiftIntensity { get; init; }

    /// <summary>Factor of all channels; null for nothing.</summary>
    public double? Brightness { get; init; }
}
