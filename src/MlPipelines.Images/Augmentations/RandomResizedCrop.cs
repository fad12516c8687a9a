namespace MlPipelines;

/// <summary>Shows a random part of the image in the image's own size.</summary>
/// <param name="MinArea">Smallest part of the area, in (0, 1].</param>
/// <param name="MaxArea">Largest part of the area, from the smallest to 1; drawn uniformly between them.</param>
/// <param name="MinAspect">Smallest width over height of the part, more than 0.</param>
/// <param name="MaxAspect">Largest width over height of the part, at least the smallest;
/// its logarithm is drawn uniformly between theirs.</param>
/// <param name="Interpolation">What lies between pixels.</param>
/// <remarks>A part that does not fit is drawn anew, ten times at most; then it is the largest in the middle whose aspect lies within the
/// bounds. Source: torchvision 0.14 RandomResizedCrop; Szegedy et al. 2015, arXiv:1409.4842, §6.</remarks>
public sealed record RandomResizedCrop(float MinArea = 0.08f, float MaxArea = 1, float MinAspect = 3 / 4f, float MaxAspect = 4 / 3f,
    Interpolation Interpolation = Interpolation.Bilinear) : ImageAugmentation
{
    const int MostTries = 10;

    /// <inheritdoc cref="RandomResizedCrop" path="/param[@name='MinArea']"/>
    public float MinArea { get; } = Check.Within(Check.MoreThan(MinArea, 0), 0, 1);

    /// <inheritdoc cref="RandomResizedCrop" path="/param[@name='MaxArea']"/>
    public float MaxArea { get; } = Check.Within(MaxArea, MinArea, 1);

    /// <inheritdoc cref="RandomResizedCrop" path="/param[@name='MinAspect']"/>
    public float MinAspect { get; } = Check.Within(Check.MoreThan(MinAspect, 0), 0, 1000);

    /// <inheritdoc cref="RandomResizedCrop" path="/param[@name='MaxAspect']"/>
    public float MaxAspect { get; } = Check.Within(MaxAspect, MinAspect, 1000);

    /// <inheritdoc/>
    public override ImageChange Draw(ref Dice dice, ImageSize size)
    {
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            var area = dice.Uniform(MinArea, MaxArea) * size.Width * size.Height;
            var aspect = Math.Exp(dice.Uniform(Math.Log(MinAspect), Math.Log(MaxAspect)));
            var (width, height) = (Math.Round(Math.Sqrt(area * aspect)), Math.Round(Math.Sqrt(area / aspect)));
            if (width > 0 && height > 0 && width <= size.Width && height <= size.Height)
                return Show(size, dice.Below(size.Width - (int)width + 1), dice.Below(size.Height - (int)height + 1), (int)width,
                    (int)height);
        }
        return ShowMiddle(size);
    }

    Warp ShowMiddle(ImageSize size)
    {
        var width = size.Width / (double)size.Height > MaxAspect ? Math.Max((int)Math.Round(size.Height * MaxAspect), 1) : size.Width;
        var height = size.Width / (double)size.Height < MinAspect ? Math.Max((int)Math.Round(size.Width / MinAspect), 1) : size.Height;
        return Show(size, (size.Width - width) / 2, (size.Height - height) / 2, width, height);
    }

    // Areas of pixels meet, not their centres: hence the halves.
    Warp Show(ImageSize size, int left, int top, int width, int height)
    {
        var (across, down) = (width / (double)size.Width, height / (double)size.Height);
        return new(new(across, 0, left + (across - 1) / 2, 0, down, top + (down - 1) / 2), Interpolation: Interpolation);
    }
}
