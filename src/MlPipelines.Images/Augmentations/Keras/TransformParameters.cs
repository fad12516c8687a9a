namespace MlPipelines;

/// <summary>One transform, drawn: the same image gives the same result. Names are those of Keras's dictionary.</summary>
/// <param name="Theta">Angle in degrees; which way it turns depends on <see cref="KerasCompatibility"/>.</param>
/// <param name="Tx">Pixels, from the height shift: each row is taken from so many further down. With
/// <see cref="KerasCompatibility.Current"/>: each column from further right.</param>
/// <param name="Ty">Pixels, from the width shift: each column is taken from so many further right. With
/// <see cref="KerasCompatibility.Current"/>: each row from further down.</param>
/// <param name="Shear">Angle in degrees.</param>
/// <param name="Zx">Factor of row coordinates, more than 0: below 1 magnifies. With <see cref="KerasCompatibility.Current"/> of
/// columns.</param>
/// <param name="Zy">Factor of column coordinates. With <see cref="KerasCompatibility.Current"/> of rows.</param>
/// <param name="FlipHorizontal">Mirrored, left for right.</param>
/// <param name="FlipVertical">Mirrored, top for bottom.</param>
/// <param name="ChannelShiftIntensity">Added to all channels, within the image's own least and greatest value; null for nothing.</param>
/// <param name="Brightness">Factor of all channels; null for nothing.</param>
public sealed record TransformParameters(double Theta = 0, double Tx = 0, double Ty = 0, double Shear = 0, double Zx = 1, double Zy = 1,
    bool FlipHorizontal = false, bool FlipVertical = false, double? ChannelShiftIntensity = null, double? Brightness = null)
{
    public double Zx { get; } = Check.MoreThan(Zx, 0);
    public double Zy { get; } = Check.MoreThan(Zy, 0);
}
