
namespace MlPipelines;

/// <summary>How one sample is mixed with its partner.</summary>
/// <param name="Kept">The sample's own share of the target, in [0, 1].</param>
/// <param name="Box">The pixels that become the partner's; null to blend all of them by the share.</param>
readonly record struct Mixture(float Kept, (int Left, int Top, int Right, int Bottom)? Box)
{
    internal static Mixture None => new(1, null);

    /// <summary>The samples' shares.</summary>
    internal static Mixture Blend(double kept) => new((float)kept, null);

    /// <summary>A box about the centre given, cut at the edges; the share is that of the pixels that are kept.</summary>
    internal static Mixture Paste(int centreX, int centreY, int halfWidth, int halfHeight, ImageSize size)
    {
        var (left, right) = (Math.Max(centreX - halfWidth, 0), Math.Min(centreX + halfWidth, size.Width));
        var (top, bottom) = (Math.Max(centreY - halfHeight, 0), Math.Min(centreY + halfHeight, size.Height));
        return new(1 - (right - left) * (bottom - top) / (float)(size.Width * size.Height), (left, top, right, bottom));
    }

    /// <summary>Mixes the partner's numbers into a sample.</summary>
    internal void Apply(SampleBatch batch, int sample, ReadOnlySpan<float> partner, ReadOnlySpan<float> partnersTargets)
    {
        if (Kept == 1)
            return;
        Blend(batch.TargetsOf(sample), partnersTargets);
        if (Box is { } box)
            Paste(batch.PixelsOf(sample), partner, box, batch.Width, batch.Height);
        else
            Blend(batch.PixelsOf(sample), partner);
    }

    void Blend(Span<float> own, ReadOnlySpan<float> partner)
    {
        for (var i = 0; i < own.Length; i++)
            own[i] = own[i] * Kept + partner[i] * (1 - Kept);
    }

    static void Paste(Span<float> own, ReadOnlySpan<float> partner, (int Left, int Top, int Right, int Bottom) box, int width, int height)
    {
        for (var plane = 0; plane < own.Length; plane += width * height)
            for (var y = box.Top; y < box.Bottom; y++)
            {
                var (start, length) = (plane + y * width + box.Left, box.Right - box.Left);
                partner.Slice(start, length).CopyTo(own.Slice(start, length));
            }
    }
}
