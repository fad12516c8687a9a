using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Turns vectors of numbers into images: number × scale + offset, rounded and clipped to 0–255.</summary>
/// <param name="OutputColumn">Column of the images.</param>
/// <param name="InputColumn">Column of the vectors, of floats or bytes; Height × Width numbers give a grey image, three times as many an RGB one.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Interleaved">True for [H, W, C] instead of [C, H, W].</param>
/// <param name="Scale">Multiplied with.</param>
/// <param name="Offset">Added.</param>
public sealed record VectorToImageTransformer(string OutputColumn, string InputColumn, int Height, int Width, bool Interleaved = false, float Scale = 1, float Offset = 0) : RowTransformer
{
    public int Height { get; } = Check.AtLeast(Height, 1);
    public int Width { get; } = Check.AtLeast(Width, 1);

    protected override IEnumerable<MappedColumn> Map(DataViewSchema input)
    {
        var column = Needs<VectorDataViewType>(input, InputColumn, "a vector of Single or Byte");
        if (((VectorDataViewType)column.Type).Item is var item && item != typeof(float) && item != typeof(byte))
            throw new ArgumentException($"Column '{InputColumn}': holds {column.Type}, a vector of Single or Byte is needed.");
        yield return new(OutputColumn, new ImageDataViewType(Height, Width), row => row.GetValue(column.Index) switch
        {
            float[] floats => Picture(floats.Length, i => floats[i], row.Id),
            byte[] bytes => Picture(bytes.Length, i => bytes[i], row.Id),
            var other => throw new InvalidDataException($"column '{InputColumn}', row {row.Id}: is a {other.GetType().Name}, a vector of Single or Byte is needed."),
        });
    }

    Image Picture(int length, Func<int, float> number, long row)
    {
        var plane = Width * Height;
        if (length != plane && length != 3 * plane)
            throw new InvalidDataException($"column '{InputColumn}', row {row}: is a vector of {length}, {plane} or {3 * plane} numbers are needed for an image of {Width}×{Height}.");
        var channels = length / plane;
        var pixels = new byte[length];
        for (var i = 0; i < length; i++)
            pixels[i] = (byte)Math.Clamp(MathF.Round(number(Interleaved ? i : i % channels * plane + i / channels) * Scale + Offset), 0, 255);
        return Image.FromPixels(Width, Height, channels, pixels);
    }
}
