namespace MlPipelines;

/// <summary>How much of images cropping cuts away, by the headers of some of them.</summary>
static class Cropping
{
    const int MostLookedAt = 100;
    const double Often = 0.2;

    /// <summary>The share of an image from which on much is cut away; a photograph of 3:2 made square loses less.</summary>
    public const double Much = 0.35;

    const double Little = 0.05;

    /// <summary>Says that many images lose much; null where they do not.</summary>
    public static string? Warning(SampleTable samples, NetworkInput input)
    {
        var step = Math.Max(1, samples.Count / MostLookedAt);
        var looked = samples.Samples.Where((_, place) => place % step == 0).Select(sample => (sample.Name, Cut: Of(sample.Content, input)))
            .Where(one => one.Cut is not null).ToArray();
        var cut = looked.Where(one => one.Cut!.Value.Share > Much).ToArray();
        if (cut.Length == 0 || cut.Length < Often * looked.Length)
            return null;
        var worst = cut.MaxBy(one => one.Cut!.Value.Share);
        return $"{cut.Length} of {looked.Length} images looked at lose more than a third of themselves where they are cropped to "
            + $"{input.Width}×{input.Height}: of {worst.Name} ({worst.Cut!.Value.Width}×{worst.Cut.Value.Height}) "
            + $"{worst.Cut.Value.Share:0%} is "
            + "cut away. Where what matters may lie at the edge, keep the whole image: ResizingKind.IsoPad or Fill (--resizing pad or "
            + "stretch).";
    }

    /// <summary>How images are brought to a size where nothing says how, and why they are not cropped; without a reason where they
    /// are.</summary>
    /// <param name="images">They, by their paths.</param>
    /// <param name="width">Of the size.</param>
    /// <param name="height">Of the size.</param>
    /// <param name="steps">In which a network that has learnt already learns whole; 0 where it does not.</param>
    /// <remarks>Measured with MobileNetV2 on photographs of clothing: a head loses by padding where images are few, a whole network
    /// gains by it where they are many.</remarks>
    public static (ResizingKind Kind, string? Reason) Usual(IDataView images, int width, int height, long steps)
    {
        var shares = Shares(images, width, height);
        return IsOften(Much) ? (ResizingKind.IsoPad, "cropping would cut away more than a third of many images")
            : steps >= FineTuning.ManySteps && IsOften(Little)
            ? (ResizingKind.IsoPad, "a whole network that learns from many images gains by their edges")
            : (ResizingKind.IsoCrop, null);

        bool IsOften(double most) => shares.Count(share => share > most) is > 0 and var cut && cut >= Often * shares.Length;
    }

    static double[] Shares(IDataView images, int width, int height)
    {
        var input = new NetworkInput(3, height, width, ResizingKind.IsoCrop);
        string[] paths = [.. images.GetColumn<string>(RowSelection.PathColumn)];
        var step = Math.Max(1, paths.Length / MostLookedAt);
        return [.. paths.Where((_, place) => place % step == 0).Select(path => Of(path, input)?.Share).OfType<double>()];
    }

    static (double Share, int Width, int Height)? Of(object content, NetworkInput input)
    {
        try
        {
            return content switch
            {
                Picture picture => picture.Image.CutAway(input.Width, input.Height, input.Resize),
                string path => ArchivePath.Image(path).CutAway(input.Width, input.Height, input.Resize),
                _ => null,
            };
        }
        catch (Exception exception) when (RowReader.IsUnreadable(exception))
        {
            // Told of when its pixels are asked for.
            return null;
        }
    }
}
