using MlPipelines.Imaging;

namespace MlPipelines.Tests.Reports;

/// <summary>Pictures looked for in a sheet, pixel by pixel.</summary>
static class SheetPixels
{
    /// <summary>Places of the picture in the sheet, from top to bottom.</summary>
    internal static IEnumerable<(int Left, int Top)> Places(this Image sheet, Image picture)
    {
        var (row, needle) = (picture.Width * 3, picture.ToRgb());
        for (var top = 0; top <= sheet.Height - picture.Height; top++)
            for (var left = 0; left <= sheet.Width - picture.Width; left++)
                if (Enumerable.Range(0, picture.Height)
                .All(y => sheet.Pixels.Slice(((top + y) * sheet.Width + left) * 3, row).SequenceEqual(needle.Pixels.Slice(y * row, row))))
                    yield return (left, top);
    }

    /// <summary>Each pixel as a square.</summary>
    internal static Image Magnified(this Image picture, int times)
    {
        var (pixels, channels) = (new byte[picture.Pixels.Length * times * times], picture.Channels);
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y) = (i / channels % (picture.Width * times) / times, i / channels / (picture.Width * times) / times);
            pixels[i] = picture.Pixels[(y * picture.Width + x) * channels + i % channels];
        }
        return Image.FromPixels(picture.Width * times, picture.Height * times, channels, pixels);
    }
}
