using Microsoft.Win32.SafeHandles;

namespace MlPipelines.Native;

/// <summary>A picture of libvips: its header is known, its pixels are computed when they are read.</summary>
sealed unsafe class VipsImage : SafeHandleZeroOrMinusOneIsInvalid
{
    internal const int UnsignedByte = 0;

    internal VipsImage(nint handle) : base(ownsHandle: true) => SetHandle(handle);

    internal int Width => Read(VipsFunctions.Width);
    internal int Height => Read(VipsFunctions.Height);
    internal int Bands => Read(VipsFunctions.Bands);

    /// <summary>Number format of the pixels; <see cref="UnsignedByte"/> is the usual one.</summary>
    internal int Format => Read(VipsFunctions.Format);
    internal VipsInterpretation Interpretation => (VipsInterpretation)Read(VipsFunctions.Interpretation);

    /// <summary>A picture over a copy of the pixels, 8 bits a channel.</summary>
    internal static VipsImage FromPixels(int width, int height, int bands, ReadOnlySpan<byte> pixels)
    {
        fixed (byte* start = pixels)
        {
            var image = VipsFunctions.NewImage(start, (nuint)pixels.Length, width, height, bands, UnsignedByte);
            return image == 0 ? throw Vips.Failure("new image") : new VipsImage(image);
        }
    }

    /// <summary>A number from the header, or <paramref name="otherwise"/> when there is none of that name.</summary>
    internal int Number(string field, int otherwise)
    {
        using var hold = new Hold(this);
        return VipsFunctions.TypeOfField(hold.Pointer, field) != 0 && VipsFunctions.GetInt(hold.Pointer, field, out var value) == 0 ? value : otherwise;
    }

    /// <summary>Computes the pixels strip by strip from the top, on this thread.</summary>
    /// <param name="strip">Gets the number of the first row and the bytes of the strip's rows.</param>
    internal void ReadStrips(StripReader strip)
    {
        const int stripBytes = 1 << 16;
        var (width, height) = (Width, Height);
        var rowBytes = (long)width * Bands;
        var rows = (int)Math.Min(height, Math.Max(8, stripBytes / rowBytes / 8 * 8));
        using var hold = new Hold(this);
        var region = VipsFunctions.NewRegion(hold.Pointer);
        if (region == 0)
            throw Vips.Failure("read pixels");
        try
        {
            for (var top = 0; top < height; top += rows)
            {
                var count = Math.Min(rows, height - top);
                var bytes = VipsFunctions.Fetch(region, 0, top, width, count, out var length);
                if (bytes is null)
                    throw Vips.Failure("read pixels");
                try
                {
                    strip(top, new ReadOnlySpan<byte>(bytes, checked((int)length)));
                }
                finally
                {
                    VipsFunctions.Free(bytes);
                }
            }
        }
        finally
        {
            VipsFunctions.Release(region);
        }
    }

    protected override bool ReleaseHandle()
    {
        VipsFunctions.Release(handle);
        return true;
    }

    int Read(Func<nint, int> field)
    {
        using var hold = new Hold(this);
        return field(hold.Pointer);
    }

    internal delegate void StripReader(int firstRow, ReadOnlySpan<byte> rows);

    /// <summary>Keeps a handle alive while its pointer is in use.</summary>
    internal readonly ref struct Hold
    {
        readonly VipsImage image;

        internal Hold(VipsImage image)
        {
            var added = false;
            image.DangerousAddRef(ref added);
            this.image = image;
        }

        internal nint Pointer => image.DangerousGetHandle();

        public void Dispose() => image.DangerousRelease();
    }
}

/// <summary>What the bands of a libvips picture mean; the numbers are libvips's own.</summary>
enum VipsInterpretation
{
    Grey = 1,
    Cmyk = 15,
    Srgb = 22,
    Rgb16 = 25,
    Grey16 = 26,
}
