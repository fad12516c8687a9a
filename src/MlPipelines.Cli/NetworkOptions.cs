using System.CommandLine;
using System.CommandLine.Parsing;
using MlPipelines.Networks;

namespace MlPipelines.Cli;

/// <summary>The options that say which network training starts from and what of it is learnt.</summary>
sealed class NetworkOptions
{
    /// <summary>Learning rate for weights that have learnt already: Adam's own, 0.001,
    /// would unlearn them where normalisation is folded into them.</summary>
    const float GentleRate = 1e-4f;

    readonly Option<string> network = CommandOptions.Text("--network",
        "Start from a network that has learnt already: an .onnx file, or a name that 'mlpipe models list' shows. Alone, it learns a "
            + "linear head on its features.", "NETWORK");
    readonly Option<Preprocessing?> preprocessing = Preset();
    readonly Option<HeadKind?> head = CommandOptions.Choice<HeadKind>("--head",
        "What is learnt in the place of the network's classifier, all else staying as it is: linear (the best one there is), perceptron "
            + "(hidden units, over epochs), neighbours (the classes of the five images whose features lie nearest) or mean (the class "
            + "whose mean features lie nearest).", "KIND");
    readonly Option<string> freeze = CommandOptions.Text("--freeze",
        "What of the network stays as it is: all (then --head says what is learnt), none, or all up to a LAYER that 'mlpipe models "
            + "inspect' shows; what does not stay is trained at a rate of 0.0001 unless --learning-rate says another.", "none|all|LAYER");
    readonly Option<int?> tune = CommandOptions.Number("--fine-tune",
        "Train a new classifier alone for an epoch, then the whole network for N, slower towards the image.", 1);
    readonly Option<int?> variants =
        CommandOptions.Number("--variants", "How many changed versions of each image a head learns from, with --augment; without it 4.", 1);

    /// <summary>Adds the options to a command that has these options too, which do not go with every head.</summary>
    public NetworkOptions(Command command, Option augment, Option epochs, params Option[] steps)
    {
        foreach (var option in new Option[] { network, preprocessing, head, freeze, tune, variants })
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (Problem(result, augment, epochs, steps) is { } problem)
                result.AddError(problem);
        });
    }

    /// <summary>Whether a head is what is learnt.</summary>
    public bool HasHead(ParseResult parsed) => Asked(parsed) is not null;

    /// <summary>The settings with what the command line asks for.</summary>
    public TrainingSettings Of(ParseResult parsed, TrainingSettings settings)
    {
        var (asked, tuned) = (parsed.GetValue(freeze), parsed.GetValue(tune));
        var isTrained = parsed.GetValue(network) is not null && !HasHead(parsed) && tuned is null;
        return settings with
        {
            Network = parsed.GetValue(network),
            Preprocessing = parsed.GetValue(preprocessing),
            Head = Asked(parsed),
            FreezeUpTo = asked is null || IsAll(asked) || IsNone(asked) ? null : asked,
            FineTune = tuned is not null,
            LearningRate = settings.LearningRate ?? (isTrained ? GentleRate : null),
            Epochs = tuned ?? settings.Epochs,
            Variants = parsed.GetValue(variants) ?? settings.Variants,
        };
    }

    string? Problem(CommandResult result, Option augment, Option epochs, Option[] steps)
    {
        bool IsGiven(Option option) => result.GetResult(option) is { Implicit: false };
        string? First(params IEnumerable<Option> options) => options.FirstOrDefault(IsGiven)?.Name;
        if (!IsGiven(network))
            return First(preprocessing, head, freeze, tune, variants) is { } alone
            ? $"{alone}: is about a network that has learnt already, and none is given. Name it with --network; 'mlpipe models list' "
                + "shows some." : null;
        if (IsGiven(tune))
            return First(head, freeze, epochs) is { } beside
            ? $"--fine-tune, {beside}: got both, needs at most one of them: --fine-tune N sets itself what is learnt when, and N is the "
                + "number of epochs." : null;
        var kept = result.GetValue(freeze);
        HeadKind? kind = result.GetResult(head)?.Tokens is [var token] && Enum.TryParse(token.Value, ignoreCase: true, out HeadKind found)
            ? found : null;
        if (IsGiven(head) && kept is not null && !IsAll(kept))
            return $"--head, --freeze {kept}: got both, needs at most one of them: behind a head the whole network stays as it is.";
        if (IsGiven(variants) && (!IsGiven(augment) || HeadOf(kind, kept, null) is null))
            return "--variants: is about heads that learn from changed images, needs --augment and a head beside it.";
        return HeadOf(kind, kept, null) is { } learnt && !learnt.HasEpochs() && First([epochs, .. steps]) is { } idle
            ? $"{idle}: has no meaning for the {learnt.ToString().ToLowerInvariant()} head"
                + $"{(IsGiven(head) ? "" : ", which --network alone learns,")} as it is learnt from all images at once. "
                + "Leave it out, or take --head perceptron, --freeze none or --fine-tune N."
            : null;
    }

    HeadKind? Asked(ParseResult parsed) =>
        parsed.GetValue(network) is null ? null : HeadOf(parsed.GetValue(head), parsed.GetValue(freeze), parsed.GetValue(tune));

    static HeadKind? HeadOf(HeadKind? asked, string? kept, int? tuned) =>
        asked ?? (tuned is null && (kept is null || IsAll(kept)) ? HeadKind.Linear : null);

    static bool IsAll(string text) => text.Equals("all", StringComparison.OrdinalIgnoreCase);

    static bool IsNone(string text) => text.Equals("none", StringComparison.OrdinalIgnoreCase);

    static Option<Preprocessing?> Preset() => new("--preprocessing")
    {
        Description = "What the network wants done with pixels, in place of what is known of "
            + $"it: {string.Join(", ", NetworkText.PresetNames)}.",
        HelpName = "KIND",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (NetworkText.Find(text) is { } found)
                return found;
            result.AddError($"--preprocessing: got '{text}', needs one of {string.Join(", ", NetworkText.PresetNames)}.");
            return null;
        },
    };
}
