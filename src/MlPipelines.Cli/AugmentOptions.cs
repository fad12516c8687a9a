using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>The options that say which augmentations a training uses.</summary>
sealed class AugmentOptions
{
    readonly Option<string> chosen = CommandOptions.Text("--augment",
        "Change images so while training, in place of flips, shifts, turns and erasing (of nothing, with a head), such as "
            + $"\"RandomFlip,RandomRotation(20),RandomErasing(Probability=0.25)\". There are {string.Join(", ", AugmentationText.Names)}.",
            "LIST");
    readonly Option<bool> none = new("--no-augment")
    {
        Description = "Learn from the images as they are; without it they are flipped, shifted, turned and partly erased at random.",
    };

    /// <summary>The option that names them.</summary>
    public Option Chosen => chosen;

    /// <summary>Adds the options to a command.</summary>
    public AugmentOptions(Command command)
    {
        chosen.Validators.Add(result =>
        {
            if (Problem(result.GetValueOrDefault<string>() ?? "") is { } problem)
                result.AddError($"--augment: {problem}");
        });
        command.Options.Add(chosen);
        command.Options.Add(none);
        command.Validators.Add(result =>
        {
            if (result.GetResult(chosen) is not null && result.GetValue(none))
                result.AddError("--augment, --no-augment: got both, needs at most one of them.");
        });
    }

    /// <summary>What the command line asks for; <paramref name="usual"/> where it says nothing.</summary>
    public Augmentation[] Of(ParseResult parsed, Augmentation[] usual) =>
        parsed.GetValue(none) ? [] : parsed.GetValue(chosen) is { } text ? AugmentationText.Parse(text) : usual;

    static string? Problem(string text)
    {
        try
        {
            AugmentationText.Parse(text);
            return null;
        }
        catch (FormatException exception)
        {
            return exception.Message;
        }
    }
}
