using System.Globalization;

namespace MlPipelines.Cli;

/// <summary>The options of an image that is sought by gradient steps; null for the usual ones.</summary>
sealed record ImageOptimizationSettings
{
    public int? Steps { get; init; }
    public float? TotalVariation { get; init; }
    public int? Jitter { get; init; }
    public float? Blur { get; init; }
    public string? Start { get; init; }
    public int Seed { get; init; }

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="usual">What is taken where nothing is said.</param>
    /// <param name="change">Its settings with these changed.</param>
    public static void Add<TSettings>(SettingsCommand<TSettings> command, ImageOptimizationOptions usual,
        Func<TSettings, Func<ImageOptimizationSettings, ImageOptimizationSettings>, TSettings> change)
        where TSettings : class
    {
        command.Add(OptionKinds.OptionalNumber("--steps", $"Gradient steps; {usual.Steps} without it.", 1, 100_000),
            (settings, steps) => change(settings, one => one with { Steps = steps }));
        command.Add(OptionKinds.Positive("--total-variation",
            FormattableString.Invariant($"Weight of what smooths the image; {usual.TotalVariation} without it.")),
            (settings, weight) => change(settings, one => one with { TotalVariation = weight }));
        command.Add(OptionKinds.OptionalNumber("--jitter",
            "The most pixels that the image is moved by in each step, at random; "
            + $"{usual.Jitter?.ToString(CultureInfo.InvariantCulture) ?? "one in 28 of its side"} without it.", 0, 1000),
            (settings, pixels) => change(settings, one => one with { Jitter = pixels }));
        command.Add(OptionKinds.Positive("--blur",
            "Standard deviation of a blur after each step, in pixels, which fades; none without it."),
            (settings, deviation) => change(settings, one => one with { Blur = deviation }));
        command.Add(OptionKinds.Text("--start", "The image that the search begins with; noise without it.", "IMAGE"),
            (settings, path) => change(settings, one => one with { Start = path }));
        command.Add(OptionKinds.Number("--seed", "Of the noise that the image begins as.", 0, 0),
            (settings, seed) => change(settings, one => one with { Seed = seed }));
    }

    /// <summary>The usual options with what was said.</summary>
    public TOptions On<TOptions>(TOptions usual) where TOptions : ImageOptimizationOptions => usual with
    {
        Steps = Steps ?? usual.Steps,
        TotalVariation = TotalVariation ?? usual.TotalVariation,
        Jitter = Jitter ?? usual.Jitter,
        Blur = Blur ?? usual.Blur,
        Start = Start is null ? null : ArchivePath.Image(Start),
        Seed = Seed,
    };
}
