namespace MlPipelines;

/// <summary>Paints a random rectangle over the image.</summary>
/// <param name="Probability">How often, in [0, 1].</param>
/// <param name="MinArea">Smallest area of the rectangle, as a fraction of the image's, in (0, 1].</param>
/// <param name="MaxArea">Largest area of the rectangle, as a fraction of the image's, from the smallest to 1;
/// drawn uniformly between them.</param>
/// <param name="MinAspect">Smallest height over width, in (0, 1].</param>
/// <param name="EachPixel">True to draw a value for each pixel and channel; false as the definition says.</param>
/// <param name="Definition">How the rectangle and its values are drawn.</param>
/// <remarks>Alpha stays as it is. Source: Zhong et al. 2017, arXiv:1708.04896, in the definitions of
/// <see cref="ErasingDefinition"/>.</remarks>
public sealed record RandomErasing(
    float Probability = 0.5f, float MinArea = 0.02f, float MaxArea = 0.4f, float MinAspect = 0.3f, bool EachPixel = false,
    ErasingDefinition Definition = ErasingDefinition.Keras) : ImageAugmentation
{
    const int MostTries = 1000;
    const int MostTriesOfPyTorch = 10;

    /// <summary>torchvision's, with its defaults.</summary>
    public static RandomErasing Torchvision { get; } = new(0.5f, 0.02f, 0.33f, 0.3f, false,
        ErasingDefinition.Torchvision)
    { MaxAspect = 3.3f };

    /// <summary>timm's, with its training script's default of a value for each pixel; its probability there is 0.</summary>
    public static RandomErasing Timm { get; } = new(0.5f, 0.02f, 1 / 3f, 0.3f, true, ErasingDefinition.Timm);

    /// <inheritdoc cref="RandomErasing" path="/param[@name='Probability']"/>
    public float Probability { get; } = Check.Within(Probability, 0, 1);

    /// <inheritdoc cref="RandomErasing" path="/param[@name='MinArea']"/>
    public float MinArea { get; } = Check.Within(Check.MoreThan(MinArea, 0), 0, 1);

    /// <inheritdoc cref="RandomErasing" path="/param[@name='MaxArea']"/>
    public float MaxArea { get; } = Check.Within(MaxArea, MinArea, 1);

    /// <inheritdoc cref="RandomErasing" path="/param[@name='MinAspect']"/>
    public float MinAspect { get; } = Check.Within(Check.MoreThan(MinAspect, 0), 0, 1);

    /// <inheritdoc cref="RandomErasing" path="/param[@name='Definition']"/>
    public ErasingDefinition Definition { get; } = Enum.IsDefined(Definition) ? Definition
        : throw new ArgumentOutOfRangeException(nameof(Definition), $"Definition: got {Definition}, needs Keras, Torchvision or Timm.");

    /// <summary>Largest height over width, from the smallest to 1000; null for the inverse of the smallest.</summary>
    public float? MaxAspect { get; init => field = value is { } most ? Check.Within(most, MinAspect, 1000, nameof(MaxAspect)) : null; }

    /// <summary>Smallest value that is painted, up to the largest: <c>v_l</c>. Only <see cref="ErasingDefinition.Keras"/> takes another
    /// than 0.</summary>
    public int MinValue { get; init => field = Painted(value, 0, MaxValue, 0, nameof(MinValue)); }

    /// <summary>Largest value that is painted, from the smallest to 255: <c>v_h</c>. Only <see cref="ErasingDefinition.Keras"/> takes
    /// another than 255.</summary>
    public int MaxValue { get; init => field = Painted(value, MinValue, byte.MaxValue, byte.MaxValue, nameof(MaxValue)); } = byte.MaxValue;

    int Painted(int value, int from, int to, int usual, string name) =>
        Definition == ErasingDefinition.Keras || value == usual ? Check.Within(value, from, to, name)
        : throw new ArgumentException($"{name}: got {value} beside the definition {Definition}, which has values of its own. Leave it out, "
            + $"or take {nameof(ErasingDefinition.Keras)}.", name);

    /// <inheritdoc/>
    public override ImageChange Draw(ref Dice dice, ImageSize size)
    {
        if (!dice.Chance(Probability))
            return ImageChange.None;
        // An image of one row or column fits hardly any rectangle; it is then left as it is.
        for (var attempt = 0; attempt < (Definition == ErasingDefinition.Keras ? MostTries : MostTriesOfPyTorch); attempt++)
        {
            var area = Definition == ErasingDefinition.Keras ? Anywhere(ref dice, size) : Inside(ref dice, size);
            if (area.LiesIn(size))
                return new Erase(area, (long)(dice.Bits() >> 1), EachPixel, Definition)
                {
                    MinValue = (byte)MinValue,
                    MaxValue = (byte)MaxValue,
                };
        }
        return ImageChange.None;
    }

    PixelRectangle Anywhere(ref Dice dice, ImageSize size)
    {
        var area = dice.Uniform(MinArea, MaxArea) * size.Width * size.Height;
        var aspect = dice.Uniform(MinAspect, MaxAspect ?? 1 / MinAspect);
        var (width, height) = ((int)Math.Sqrt(area / aspect), (int)Math.Sqrt(area * aspect));
        return new(dice.Below(size.Width), dice.Below(size.Height), width, height);
    }

    PixelRectangle Inside(ref Dice dice, ImageSize size)
    {
        var area = dice.Uniform(MinArea, MaxArea) * size.Width * size.Height;
        var aspect = Math.Exp(dice.Uniform(Math.Log(MinAspect), Math.Log(MaxAspect ?? 1 / MinAspect)));
        var (width, height) = (Math.Round(Math.Sqrt(area / aspect)), Math.Round(Math.Sqrt(area * aspect)));
        return width < size.Width && height < size.Height
            ? new(dice.Below(size.Width - (int)width + 1), dice.Below(size.Height - (int)height + 1), (int)width, (int)height)
            : default;
    }
}

/// <summary>How the rectangle of <see cref="RandomErasing"/> is drawn, and what it is painted with.</summary>
public enum ErasingDefinition
{
    /// <summary>
    /// The aspect is uniform and sizes are rounded down; a rectangle that sticks out is drawn anew with its place.
    /// Painted with one value from 0–255, or one for each pixel and channel, uniform. Source: the Keras implementation by yu4u.
    /// </summary>
    Keras,

    /// <summary>
    /// The logarithm of the aspect is uniform and sizes are rounded; the place is uniform over where the rectangle fits; ten tries, then
    /// nothing. Painted with ImageNet's mean, which is 0 after normalisation, or with normal values for each pixel and channel, of
    /// ImageNet's mean and deviation. Source: torchvision 0.14.
    /// </summary>
    Torchvision,

    /// <summary>As torchvision's; painted with one normal value for each channel, or one for each pixel and channel. Source: timm,
    /// modes rand and pixel.</summary>
    Timm,
}
