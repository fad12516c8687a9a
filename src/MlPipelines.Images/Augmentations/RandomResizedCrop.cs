namespace MlPipelines;

/// <summary>Shows a random part of the image in the image's own size.</summary>
/// <param name="LeastArea">Smallest part of the area, in (0, 1].</param>
/// <param name="MostArea">Largest part of the area, from the smallest to 1; drawn uniformly between them.</param>
/// <param name="LeastAspect">Smallest width over height of the part, more than 0.</param>
/// <param name="MostAspect">Largest width over height of the part, at least the smallest;
/// its logarithm is drawn uniformly between theirs.</param>
/// <param name="Interpolation">What lies between pixels.</param>
/// <remarks>A part that does not fit is drawn anew, ten times at most; then it is the largest in the middle whose aspect lies within the
/// bounds. Source: torchvision 0.14 RandomResizedCrop; Szegedy et al. 2015, arXiv:1409.4842, §6.</remarks>
public sealed record RandomResizedCrop(float LeastArea = 0.08f, float MostArea = 1, float LeastAspect = 3 / 4f, float MostAspect = 4 / 3f,
    Interpolation Interpolation = Interpolation.Bilinear) : ImageAugmentation
{
    const int MostTries = 10;

    /// <inheritdoc cref="RandomResizedCrop" path="/param[@name='LeastArea']"/>
    public float LeastArea { get; } = Check.Within(Check.MoreThan(LeastArea, 0), 0, 1);

    /// <inheritdoc cref="RandomResizedCrop" path="/param[@name='MostArea']"/>
    public float MostArea { get; } = Check.Within(MostArea, LeastArea, 1);

    /// <inheritdoc cref="RandomResizedCrop" path="/param[@name='LeastAspect']"/>
    public float LeastAspect { get; } = Check.Within(Check.MoreThan(LeastAspect, 0), 0, 1000);

    /// <inheritdoc cref="RandomResizedCrop" path="/param[@name='MostAspect']"/>
    public float MostAspect { get; } = Check.Within(MostAspect, LeastAspect, 1000);

    /// <inheritdoc/>
    public override ImageChange Draw(ref Dice dice, ImageSize size)
    {
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            var area = dice.Uniform(LeastArea, MostArea) * size.Width * size.Height;
            var aspect = Math.Exp(dice.Uniform(Math.Log(LeastAspect), Math.Log(MostAspect)));
            var (width, height) = (Math.Round(Math.Sqrt(area * aspect)), Math.Round(Math.Sqrt(area / aspect)));
            if (width > 0 && height > 0 && width <= size.Width && height <= size.Height)
                return Show(size, dice.Below(size.Width - (int)width + 1), dice.Below(size.Height - (int)height + 1), (int)width,
                    (int)height);
        }
        return ShowMiddle(size);
    }

    Warp ShowMiddle(ImageSize size)
    {
        var width = size.Width / (double)size.Height > MostAspect ? Math.Max((int)Math.Round(size.Height * MostAspect), 1) : size.Width;
        var height = size.Width / (double)size.Height < LeastAspect ? Math.Max((int)Math.Round(size.Width / LeastAspect), 1) : size.Height;
        return Show(size, (size.Width - width) / 2, (size.Height - height) / 2, width, height);
    }

    // Areas of pixels meet, not their centres: hence the halves.
    Warp Show(ImageSize size, int left, int top, int width, int height)
    {
        var (across, down) = (width / (double)size.Width, height / (double)size.Height);
        return new(new(across, 0, left + (across - 1) / 2, 0, down, top + (down - 1) / 2), Interpolation: Interpolation);
    }
}
