using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Small pictures within pages.</summary>
static class Thumbnail
{
    const int Quality = 75;

    /// <summary>The image as an address that holds it, larger ones shrunk to a square of that side.</summary>
    public static string Address(Image image, int side)
    {
        var scale = Math.Min(1, (double)side / Math.Max(image.Width, image.Height));
        if (scale == 1)
            // Small pictures as they are: JPEG would blur what is magnified.
            return $"data:image/png;base64,{Convert.ToBase64String(image.Encode(".png"))}";
        var small = image.Resize(Math.Max(1, (int)(image.Width * scale)), Math.Max(1, (int)(image.Height * scale)), ResizingKind.Fill);
        return $"data:image/jpeg;base64,{Convert.ToBase64String(small.ToRgb().Encode(".jpg", Quality))}";
    }
}
