using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>A fixed change through which a member sees every picture.</summary>
public enum PictureFilter
{
    /// <summary>Pictures as they are.</summary>
    None,

    /// <summary>Without colour: the grey level in all three channels.</summary>
    Grey,

    /// <summary>Blurred by a Gaussian, whose standard deviation is a thirty-second of the shorter side.</summary>
    Blur,

    /// <summary>The strength of edges alone: the length of Sobel's gradient of the grey levels, as grey.</summary>
    Edges,
}

/// <summary>What filters do to pictures.</summary>
static class PictureFilters
{
    const float SharesOfASide = 32;

    // Of a step from black to white the gradient is 1,020 long; halved and cut off at 255, edges of half that contrast are white.
    const float EdgeScale = 0.5f;

    public static Image Apply(this PictureFilter filter, Image image) => filter switch
    {
        PictureFilter.Grey => image.ToGrayscale().ToRgb(),
        PictureFilter.Blur => image.ToRgb().Blur(Math.Clamp(Math.Min(image.Width, image.Height) / SharesOfASide, 0.5f, 100)),
        PictureFilter.Edges => Edges(image.ToGrayscale()).ToRgb(),
        _ => image,
    };

    static Image Edges(Image grey)
    {
        var (width, height, edges) = (grey.Width, grey.Height, new byte[grey.Width * grey.Height]);
        var levels = grey.Pixels.ToArray();
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var (across, down) = (0, 0);
                for (var step = -1; step <= 1; step++)
                {
                    var weight = step == 0 ? 2 : 1;
                    across += weight * (Level(x + 1, y + step) - Level(x - 1, y + step));
                    down += weight * (Level(x + step, y + 1) - Level(x + step, y - 1));
                }
                edges[y * width + x] = (byte)Math.Min(255, EdgeScale * MathF.Sqrt(across * across + down * down) + 0.5f);
            }
        return Image.FromPixels(width, height, 1, edges);

        int Level(int x, int y) => levels[Math.Clamp(y, 0, height - 1) * width + Math.Clamp(x, 0, width - 1)];
    }
}
