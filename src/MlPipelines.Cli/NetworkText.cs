using System.Text.RegularExpressions;
using MlPipelines.Networks;

namespace MlPipelines.Cli;

/// <summary>How the command line writes what networks want done with pixels: ImageNetTorch is imagenet-torch.</summary>
static partial class NetworkText
{
    /// <summary>Names of the presets as --preprocessing takes them.</summary>
    public static IReadOnlyList<string> PresetNames { get; } = [.. Networks.Preprocessing.PresetNames.Select(Kebab)];

    /// <summary>The preset's name, the formula, or that it is not published.</summary>
    public static string Preprocessing(Preprocessing? preprocessing) =>
        preprocessing?.Preset is { } preset ? Kebab(preset) : preprocessing?.ToString() ?? "not published";

    /// <summary>The preset of that name; null where there is none.</summary>
    public static Preprocessing? Find(string name) =>
        PresetNames.Contains(name, StringComparer.OrdinalIgnoreCase)
        ? Networks.Preprocessing.Named(name.Replace("-", "", StringComparison.Ordinal)) : null;

    static string Kebab(string name) =>
        Boundary().Replace(name, "-").Replace("Image-Net", "ImageNet", StringComparison.Ordinal).ToLowerInvariant();

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex Boundary();
}
