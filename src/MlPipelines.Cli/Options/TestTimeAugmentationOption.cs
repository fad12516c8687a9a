using System.CommandLine;
using System.Globalization;

namespace MlPipelines.Cli;

/// <summary>--tta: which versions of each image are scored.</summary>
static class TestTimeAugmentationOption
{
    const string Name = "--tta";

    static readonly Dictionary<string, TestTimeAugmentation?> fixedVersions = new()
    {
        ["none"] = null,
        ["mirror"] = new MirroredVersions(0),
        ["shift"] = new MirroredVersions(1),
    };

    /// <summary>The option, whose value makes of a model one that scores those versions; null to leave it as it was saved.</summary>
    public static Option<Func<ITransformer, ITransformer>?> Create() => new(Name)
    {
        Description = "Score several versions of each image and average: N drawn from the augmentations of the training, 'mirror' for "
            + "the mirror image, 'shift' for that and both moved by a pixel, 'none' for the image alone. As saved with the model, "
            + "unless given.",
        HelpName = "N|mirror|shift|none",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (fixedVersions.TryGetValue(text, out var versions))
                return model => model.WithTestTimeAugmentation(versions);
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= 1000)
                return model => model.WithTestTimeAugmentation(count);
            result.AddError(
                $"{Name}: got '{text}', needs a whole number from 1 to 1000, or one of {string.Join(", ", fixedVersions.Keys)}.");
            return null;
        },
    };
}
