namespace MlPipelines.Imaging;

/// <summary>Pixels in memory: rows from top to bottom, channels interleaved.</summary>
sealed record Bitmap(int Width, int Height, int Channels, byte[] Pixels)
{
    internal int RowBytes => Width * Channels;

    internal ReadOnlySpan<byte> Row(int y) => Pixels.AsSpan(y * RowBytes, RowBytes);
}
