namespace MlPipelines.Imaging;

/// <summary>What lies outside a picture.</summary>
/// <param name="Fill">How the picture goes on.</param>
/// <param name="Value">The colour, for <see cref="FillMode.Constant"/>.</param>
/// <param name="IsMultiplied">Whether colours with alpha are multiplied with it.</param>
readonly record struct Surroundings(FillMode Fill, Colour Value, bool IsMultiplied)
{
    /// <summary>Paints a pixel with the colour; one that has alpha keeps it, which must be that of the nearest pixel of the
    /// picture.</summary>
    internal void Paint(Span<byte> pixel)
    {
        pixel[0] = Value.Red;
        if (pixel.Length == 1)
            return;
        (pixel[1], pixel[2]) = (Value.Green, Value.Blue);
        if (IsMultiplied)
            PremultipliedAlpha.Multiply(pixel, pixel);
    }
}
