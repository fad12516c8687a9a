using System.Buffers;

namespace MlPipelines.Imaging;

/// <summary>Pixels in memory: rows from top to bottom, channels interleaved.</summary>
sealed record Bitmap(int Width, int Height, int Channels, byte[] Pixels)
{
    // The pool rounds up to a power of two and keeps what it gets back: larger arrays are left to the garbage collector.
    const int MostBorrowed = 1 << 26;

    /// <summary>Channels of a picture of red, green, blue and alpha, the colours not multiplied with it.</summary>
    internal const int RgbaChannels = 4;

    internal int RowBytes => Width * Channels;

    internal bool HasAlpha => Channels == RgbaChannels;

    /// <summary>Whether the alpha of one with alpha is less than 255 anywhere.</summary>
    internal bool HasTransparency
    {
        get
        {
            for (var i = RgbaChannels - 1; i < RowBytes * Height; i += RgbaChannels)
                if (Pixels[i] != byte.MaxValue)
                    return true;
            return false;
        }
    }

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

    /// <summary>The same colours with an alpha of 255; the picture itself must not be used any more where it is borrowed.</summary>
    internal Bitmap Opaque(bool borrowed = false)
    {
        if (HasAlpha)
            return this;
        var opaque = Unwritten(Width, Height, RgbaChannels, borrowed);
        Flattening.Apply(Pixels.AsSpan(0, RowBytes * Height), Channels, default, opaque.Pixels.AsSpan(0, opaque.RowBytes * Height),
            RgbaChannels);
        if (borrowed)
            GiveBack();
        return opaque;
    }

    /// <summary>What is transparent laid over white; itself where nothing is.</summary>
    internal Bitmap OverWhite()
    {
        if (!HasAlpha)
            return this;
        var shown = Unwritten(Width, Height, 3);
        Flattening.Apply(Pixels, RgbaChannels, Colour.White, shown.Pixels);
        return shown;
    }

    internal ReadOnlySpan<byte> Row(int y) => Pixels.AsSpan(y * RowBytes, RowBytes);
}
