using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Where a context keeps the pixels that it has decoded.</summary>
public static class PixelCacheVerbs
{
    /// <summary>Lets the steps made from now on keep decoded, resized pixels there; null for nowhere. Without this it is a folder of the
    /// user's application data, at most 4 GiB.</summary>
    /// <param name="context">The context.</param>
    /// <param name="cache">The cache.</param>
    public static void UsePixelCache(this MLContext context, PixelCache? cache)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Data.Host().KeepPixels(cache);
    }
}
