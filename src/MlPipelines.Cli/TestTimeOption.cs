using System.CommandLine;
using System.Globalization;

namespace MlPipelines.Cli;

/// <summary>--tta: which versions of each image are scored.</summary>
static class TestTimeOption
{
    const string Name = "--tta";

    static readonly Dictionary<string, TestTimeAugmentation?> fixedVersions = new()
    {
        ["none"] = null,
        ["mirror"] = new MirroredVersions(0),
        ["shift"] = new MirroredVersions(1),
    };

    public static Option<string> Create()
    {
        var option = new Option<string>(Name)
        {
            Description = "Score several versions of each image and average: N drawn from the augmentations of the training, 'mirror' for "
                + "the mirror image, 'shift' for that and both moved by a pixel, 'none' for the image alone. As saved with the model, "
                + "unless given.",
            HelpName = "N|mirror|shift|none",
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && !fixedVersions.ContainsKey(text) && Count(text) is null)
                result.AddError(
                    $"{Name}: got '{text}', needs a whole number from 1 to 1000, or one of {string.Join(", ", fixedVersions.Keys)}.");
        });
        return option;
    }

    public static ITransformer Apply(ITransformer model, string? text) =>
        text is null ? model
        : fixedVersions.TryGetValue(text, out var versions) ? model.WithTestTimeAugmentation(versions)
        : model.WithTestTimeAugmentation(Count(text)!.Value);

    static int? Count(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= 1000 ? count : null;
}
