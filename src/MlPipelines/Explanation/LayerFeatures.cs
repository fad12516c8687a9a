using MlPipelines.Imaging;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>What a layer gives for one image.</summary>
/// <param name="Layer">The name that it was asked for by.</param>
/// <param name="Values">[channels,height,width], or [features].</param>
public sealed record LayerFeatures(string Layer, Tensor Values)
{
    /// <summary>The maps as one picture; of a vector each number is a pixel.</summary>
    /// <param name="options">Which maps, and how; null for all in grey, scaled over the layer, with one white pixel between.</param>
    /// <exception cref="InvalidOperationException">The layer gives neither maps nor a vector.</exception>
    public Image Mosaic(MosaicOptions? options = null)
    {
        var numbers = Values.Elements<float>();
        return Values.Shape switch
        {
            [var maps, var height, var width] => MlPipelines.Mosaic.Draw(numbers, (maps, height, width, false), options ?? new()),
            [var features] => MlPipelines.Mosaic.Draw(numbers, (features, 1, 1, false), (options ?? new()) with { Padding = 0 }),
            var other =>
            throw new InvalidOperationException($"Layer '{Layer}': gives {other} for an image, maps [channels,height,width] or "
                + "a vector are drawn. Ask for a layer before or behind it."),
        };
    }
}

/// <summary>The filters of a convolution.</summary>
/// <param name="Layer">Its name.</param>
/// <param name="Kernel">[filters,channels,height,width].</param>
public sealed record LayerFilters(string Layer, Tensor Kernel)
{
    /// <summary>The filters as one picture: of three channels in colour, of others a row of tiles for each filter and a tile for each
    /// channel.</summary>
    /// <param name="options">How many filters, and how; null for all, each tile scaled by itself;
    /// in colour as many in a row as the root of their number says, with
    /// one white pixel between.</param>
    public Image Mosaic(MosaicOptions? options = null)
    {
        var (filters, channels, height, width) = (Kernel.Shape[0], Kernel.Shape[1], Kernel.Shape[2], Kernel.Shape[3]);
        options ??= new() { ScalesEach = true };
        if (channels is not (1 or 3))
        {
            var shown = Math.Min(options.Count ?? filters, filters);
            return MlPipelines.Mosaic.Draw(Kernel.Elements<float>(), (filters * channels, height, width, false),
                options with { Count = shown * channels, Columns = options.Columns ?? channels });
        }
        var columns = options.Columns ?? Math.Max(1, (int)Math.Sqrt(Math.Min(options.Count ?? filters, filters)));
        return MlPipelines.Mosaic.Draw(channels == 1 ? Kernel.Elements<float>() : Interleaved(), (filters, height, width, channels == 3),
            options with { Columns = columns });
    }

    float[] Interleaved()
    {
        var plane = Kernel.Shape[2] * Kernel.Shape[3];
        var from = Kernel.Elements<float>();
        var turned = new float[from.Length];
        for (var i = 0; i < from.Length; i++)
        {
            var (filter, within) = Math.DivRem(i, 3 * plane);
            var (channel, place) = Math.DivRem(within, plane);
            turned[(filter * plane + place) * 3 + channel] = from[i];
        }
        return turned;
    }
}
