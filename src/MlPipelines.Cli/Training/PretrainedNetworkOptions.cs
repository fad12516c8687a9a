using System.CommandLine;
using System.CommandLine.Parsing;
using MlPipelines.Networks;

namespace MlPipelines.Cli;

/// <summary>The options that say which network training starts from and what of it is learnt.</summary>
sealed class PretrainedNetworkOptions
{
    readonly Option<string> network;
    readonly Option<bool> scratch;
    readonly Option[] part;
    readonly Option<Preprocessing?> preprocessing;
    readonly Option<HeadKind?> head;
    readonly Option<FrozenPart?> freeze;
    readonly Option<int?> fineTune;
    readonly Option<int?> variants;
    readonly Option augment;
    readonly Option epochs;
    readonly Option[] steps;

    /// <summary>Adds the options to a command that has these options too, which do not go with every head.</summary>
    public static void Add(SettingsCommand<TrainingSettings> command, Option augment, Option epochs, params Option[] steps)
    {
        var options = new PretrainedNetworkOptions(command, augment, epochs, steps);
        command.Check(options.Problem);
        command.Note((parsed, settings) => settings with
        {
            StepOption = First(parsed.CommandResult, [epochs, .. steps.Where(step => step.Name != "--resume")]),
            LearntOption = First(parsed.CommandResult, options.head, options.freeze, options.fineTune, options.variants),
        });
    }

    PretrainedNetworkOptions(SettingsCommand<TrainingSettings> command, Option augment, Option epochs, Option[] steps)
    {
        (this.augment, this.epochs, this.steps) = (augment, epochs, steps);
        network = command.Add(OptionKinds.Text("--network",
            "Start from a network that has learnt already: an .onnx file, or a name that 'mlpipe models list' shows; without it ResNet-18, "
                + "which comes with mlpipe, for colour pictures of 64 pixels or more. Alone, it learns a linear head on its features.",
            "NETWORK"), (settings, network) => settings with { Network = network });
        part = NetworkPartOptions.Add(command, (settings, change) => settings with { Part = change(settings.Part) });
        scratch = command.Add(new Option<bool>("--from-scratch")
        {
            Description = "Start from a small network that has learnt nothing, as for tiny or grey pictures.",
        }, (settings, fromScratch) => settings with { FromScratch = fromScratch });
        preprocessing = command.Add(OptionKinds.Parsed("--preprocessing",
            "What the network wants done with pixels, in place of what is known of "
                + $"it: {string.Join(", ", PreprocessingText.Names)}.", "KIND", PreprocessingText.Parse),
            (settings, preprocessing) => settings with { Preprocessing = preprocessing });
        head = command.Add(OptionKinds.Choice<HeadKind>("--head",
            "What is learnt in the place of the network's classifier, all else staying as it is: linear (the best one there is), "
                + "perceptron (hidden units, over epochs), neighbours (the classes of the five images whose features lie nearest) or mean "
                + "(the class whose mean features lie nearest).", "KIND"), (settings, head) => settings with { ChosenHead = head });
        freeze = command.Add(OptionKinds.Parsed<FrozenPart?>("--freeze",
            "What of the network stays as it is: all (then --head says what is learnt), none, or all up to a LAYER that 'mlpipe models "
                + "inspect' shows; what does not stay is trained at a rate of 0.0001 unless --learning-rate says another.",
            "none|all|LAYER", text => new(text)).NotBlank(), (settings, part) => settings with { Freeze = part });
        fineTune = command.Add(OptionKinds.OptionalNumber("--fine-tune",
            "Solve a new classifier on the network's features, then train the whole network for N epochs, slower towards the image.", 1),
            (settings, epochs) => settings with { FineTuneEpochs = epochs });
        variants = command.Add(OptionKinds.OptionalNumber("--variants",
            "How many changed versions of each image a head learns from, with --augment; without it 4.", 1),
            (settings, variants) => settings with { Variants = variants ?? settings.Variants });
    }

    static bool IsGiven(CommandResult result, Option option) => result.GetResult(option) is { Implicit: false };

    static string? First(CommandResult result, params IEnumerable<Option> options) =>
        options.FirstOrDefault(option => IsGiven(result, option))?.Name;

    string? Problem(CommandResult result)
    {
        bool IsGiven(Option option) => PretrainedNetworkOptions.IsGiven(result, option);
        string? First(params IEnumerable<Option> options) => PretrainedNetworkOptions.First(result, options);
        if (IsGiven(scratch))
            return First([network, .. part, preprocessing, head, freeze, fineTune, variants]) is { } other
            ? $"--from-scratch, {other}: got both, needs at most one of them: {other} is about a network that has learnt already." : null;
        if (!IsGiven(network) && First([.. part, preprocessing]) is { } alone)
            return $"{alone}: is about a network of one's own, and none is given. Name it with --network; 'mlpipe models list' shows some.";
        if (IsGiven(fineTune))
            return First(head, freeze, epochs) is { } beside
            ? $"--fine-tune, {beside}: got both, needs at most one of them: --fine-tune N sets itself what is learnt when, and N is the "
                + "number of epochs." : null;
        var kept = result.GetValue(freeze);
        HeadKind? kind = result.GetResult(head)?.Tokens is [var token] && Enum.TryParse(token.Value, ignoreCase: true, out HeadKind found)
            ? found : null;
        if (IsGiven(head) && kept is { IsAll: false })
            return $"--head, --freeze {kept}: got both, needs at most one of them: behind a head the whole network stays as it is.";
        var learnt = HeadKinds.Learnt(kind, kept, null);
        if (IsGiven(variants) && (!IsGiven(augment) || learnt is null))
            return "--variants: is about heads that learn from changed images, needs --augment and a head beside it.";
        // What is learnt without a network being named depends on the pictures: TrainingPipeline looks at them.
        return (IsGiven(network) || IsGiven(head)) && learnt is { } atOnce && !atOnce.HasEpochs() && First([epochs, .. steps]) is { } idle
            ? $"{idle}: has no meaning for the {atOnce.ToString().ToLowerInvariant()} head"
                + $"{(IsGiven(head) ? "" : ", which --network alone learns,")} as it is learnt from all images at once. "
                + "Leave it out, or take --head perceptron, --freeze none or --fine-tune N."
            : null;
    }
}
