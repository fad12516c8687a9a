using System.Text.RegularExpressions;
using MlPipelines.Networks;

namespace MlPipelines.Cli;

/// <summary>How the command line writes what networks want done with pixels: ImageNetTorch is imagenet-torch.</summary>
static partial class PreprocessingText
{
    /// <summary>Names of the presets as --preprocessing takes them.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Preprocessing.PresetNames.Select(Kebab)];

    /// <summary>The preset's name, the formula, or that it is not published.</summary>
    public static string Of(Preprocessing? preprocessing) =>
        preprocessing?.Preset is { } preset ? Kebab(preset) : preprocessing?.ToString() ?? "not published";

    /// <summary>Each preset that was tried with its accuracy, the best first.</summary>
    public static string Of(PreprocessingComparison compared) =>
        string.Join(", ", compared.Tried.Select(one => $"{Of(one.Preprocessing)} {one.Accuracy:0.0%}"));

    /// <summary>The preset of that name.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public static Preprocessing? Parse(string name) => Names.Contains(name, StringComparer.OrdinalIgnoreCase)
        ? Preprocessing.Named(name.Replace("-", "", StringComparison.Ordinal))
        : throw new FormatException($"got '{name}', needs one of {string.Join(", ", Names)}.");

    static string Kebab(string name) =>
        Boundary().Replace(name, "-").Replace("Image-Net", "ImageNet", StringComparison.Ordinal).ToLowerInvariant();

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex Boundary();
}
