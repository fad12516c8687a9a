using System.Buffers;

namespace MlPipelines.Imaging;

/// <summary>Pixels in memory: rows from top to bottom, channels interleaved.</summary>
sealed record Bitmap(int Width, int Height, int Channels, byte[] Pixels)
{
    // The pool rounds up to a power of two and keeps what it gets back: larger arrays are left to the garbage collector.
    const int MostBorrowed = 1 << 26;

    internal int RowBytes => Width * Channels;

    /// <summary>A picture whose pixels are still to be written.</summary>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="channels">Bytes of a pixel.</param>
    /// <param name="borrowed">True for one that is soon given back: its array may be longer than its pixels.</param>
    internal static Bitmap Unwritten(int width, int height, int channels, bool borrowed = false)
    {
        var length = checked(width * height * channels);
        return new(width, height, channels,
            borrowed && length <= MostBorrowed ? ArrayPool<byte>.Shared.Rent(length) : GC.AllocateUninitializedArray<byte>(length));
    }

    /// <summary>Gives a borrowed array back; the picture must not be used any more.</summary>
    internal void GiveBack()
    {
        if (Pixels.Length <= MostBorrowed)
            ArrayPool<byte>.Shared.Return(Pixels);
    }

    /// <summary>The picture with an array of its own.</summary>
    internal Bitmap Kept()
    {
        if (Pixels.Length > MostBorrowed)
            return this;
        var own = this with { Pixels = Pixels.AsSpan(0, RowBytes * Height).ToArray() };
        GiveBack();
        return own;
    }

    internal ReadOnlySpan<byte> Row(int y) => Pixels.AsSpan(y * RowBytes, RowBytes);
}
