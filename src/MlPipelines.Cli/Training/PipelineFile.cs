using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MlPipelines.Cli;

/// <summary>The pipeline.json that a run leaves: each value once, under the name of its option in camel case where it has one, so that
/// 'train --pipeline' can run it again.</summary>
static class PipelineFile
{
    public const string Option = "--pipeline";

    /// <summary>The command that has the file as its argument.</summary>
    public const string RunAgain = "run";

    /// <summary>What tells of the machine and its packages, and not of what was asked for.</summary>
    public static readonly string[] Machine = ["mlpipelines", "mlnet", "onnxRuntime", "libvips", "device"];

    /// <summary>Options that say where things lie or how fast they go, or that have another place in the file.</summary>
    static readonly HashSet<string> unnoted = ["--output", "--resume", "--workers", "--cache", "--no-cache", "--find-learning-rate",
        "--checkpoint-steps", "--checkpoint-seconds", "--dry-run", "--tensorboard", "--json",
        "--augment", "--no-augment", "--size", "--balanced-batches", "--from-scratch", Option];

    /// <summary>What of the file no longer holds when an option is given beside it.</summary>
    static readonly Dictionary<string, string[]> replaced = new()
    {
        ["--network"] = ["preprocessing", "width", "cut", "output", "network"],
        ["--from-scratch"] = ["network", "preprocessing", "width", "head", "fineTune", "freeze", "variants"],
        ["--size"] = ["width"],
        ["--augment"] = ["augmentations"],
        ["--no-augment"] = ["augmentations", "variants"],
        ["--fine-tune"] = ["head", "freeze", "epochs", "learningRate", "variants"],
        ["--head"] = ["fineTune", "freeze", "epochs", "batch", "learningRate", "variants", "augmentations", "validationShare"],
        ["--validation"] = ["validationShare"],
        ["--validation-share"] = ["validation"],
        ["--freeze"] = ["fineTune", "head", "learningRate", "variants"],
        ["--balanced-batches"] = ["sampling"],
    };

    /// <summary>What runs again differently, where it has changed.</summary>
    static readonly string[] compared = ["fingerprint", "networkSha256", "fromSha256", "mlpipelines", "mlnet", "onnxRuntime", "libvips"];

    /// <summary>The options that were given, as the file holds them, but for those that have a place of their own.</summary>
    public static IEnumerable<KeyValuePair<string, JsonNode?>> Given(ParseResult parsed) => parsed.CommandResult.Command.Options
        .Where(option => !unnoted.Contains(option.Name) && parsed.GetResult(option) is { Implicit: false })
        .Select(option => KeyValuePair.Create(Key(option), Value(option, parsed.GetResult(option)!.Tokens)));

    /// <summary>The words of train that a run of a file stands for; the same where it is another command.</summary>
    public static string[] AsTrain(string[] words, ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (command.Name != RunAgain || command.Arguments is not [var file] || parsed.GetResult(file)?.Tokens is not [{ Value: var path }])
            return words;
        // What stands beside the file is said anew, each option by its name: the file may stand anywhere among them.
        var given = command.Options.Concat(parsed.RootCommandResult.Command.Options)
            .Where(option => parsed.GetResult(option) is { Implicit: false })
            .SelectMany(option => parsed.GetResult(option)!.Tokens.Select(token => token.Value).Prepend(option.Name));
        return ["train", Option, path, .. given];
    }

    /// <summary>The words of the command line with those that the file of --pipeline stands for; the same where it is not given.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no pipeline.json.</exception>
    public static string[] Expanded(string[] words, ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (command.Options.FirstOrDefault(option => option.Name == Option) is not { } pipeline
            || parsed.GetResult(pipeline)?.Tokens is not [{ Value: var path }])
            return words;
        var given = command.Options.Where(option => parsed.GetResult(option) is { Implicit: false })
            .Select(option => option.Name).ToHashSet();
        var file = Read(path);
        foreach (var key in given.SelectMany(option => replaced.GetValueOrDefault(option) ?? []))
            file.Remove(key);
        var place = Array.IndexOf(words, command.Name) + 1;
        var hasFolder = command.Arguments.Any(argument => parsed.GetResult(argument)?.Tokens.Count > 0);
        var folder = hasFolder || Text(file["folder"]) is not { } named ? Array.Empty<string>() : [named];
        return [.. words[..place], .. folder, .. Options(file, command, given), .. words[place..]];
    }

    /// <summary>Warns where data, network or packages are not those of the file that is run again.</summary>
    public static void Compare(Terminal terminal, string path, JsonObject now)
    {
        var before = Read(path);
        foreach (var key in compared.Where(key => Text(before[key]) is { } was && Text(now[key]) is var found && was != found))
            terminal.Error($"warning: {path}: {key} was {Text(before[key])} and is {Text(now[key]) ?? "nothing"} now, so that the run may "
                + "come out differently.");
    }

    /// <summary>The kind of a part and its settings; a learning rate stands elsewhere in the file.</summary>
    public static JsonObject Members(object part)
    {
        var members = JsonSerializer.SerializeToNode(part, part.GetType(), SavedStep.Json)!.AsObject();
        members.Remove("learningRate");
        members.Insert(0, "kind", part.GetType().Name);
        return members;
    }

    static JsonObject Read(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path}: {(Directory.Exists(path) ? "is a folder" : "not found")}, the pipeline.json of a run "
                + "is needed. Check the path.");
        try
        {
            if (JsonNode.Parse(File.ReadAllText(path)) is JsonObject file && file.ContainsKey("folder"))
                return file;
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{path}: is no JSON ({exception.Message}), the pipeline.json of a run is needed.", exception);
        }
        throw new InvalidDataException($"{path}: names no folder, the pipeline.json of a run is needed. Is it another file?");
    }

    static IEnumerable<string> Options(JsonObject file, Command command, HashSet<string> given)
    {
        // A network that is named beside the file is none from scratch.
        if (given.Contains("--network"))
            file.Remove("network");
        var own = new Dictionary<string, string?>
        {
            ["--validation"] = Text(file["validation"]?["folder"]),
            ["--test"] = Text(file["test"]?["folder"]),
            ["--size"] = Text(file["width"]) is { } width && width == Text(file["height"]) ? width : null,
            ["--network"] = Text(file["network"]) is var network && network == nameof(Networks.Architectures.SmallCnn) ? null : network,
            ["--from-scratch"] = Text(file["network"]) == nameof(Networks.Architectures.SmallCnn) ? "true" : null,
            ["--preprocessing"] = Text(file["preprocessing"]) is { } kind && PreprocessingText.Names.Contains(kind) ? kind : null,
            ["--head"] = Text((file["head"] as JsonObject)?["kind"]) is { } head ? HeadKinds.Named(head)?.ToString() : null,
            ["--augment"] = file["augmentations"] is JsonArray { Count: > 0 } some ? string.Join(", ", some.Select(Text)) : null,
            ["--no-augment"] = file["augmentations"] is JsonArray { Count: 0 } ? "true" : null,
            ["--balanced-batches"] = Text(file["sampling"]) == nameof(BatchSampling.ClassBalanced) ? "true" : null,
        };
        foreach (var option in command.Options.Where(option => !given.Contains(option.Name)))
        {
            var value = own.TryGetValue(option.Name, out var found) ? found
                : unnoted.Contains(option.Name) ? null : Text(file[Key(option)]);
            if (value is null || option.ValueType == typeof(bool) && value != "true")
                continue;
            yield return option.Name;
            if (option.ValueType != typeof(bool))
                yield return value;
        }
    }

    static string? Text(JsonNode? node) => node is JsonValue value ? value.ToString() : null;

    static JsonNode? Value(Option option, IReadOnlyList<Token> tokens) =>
        option.ValueType == typeof(bool) ? tokens is [] or [{ Value: "true" }]
        : tokens is [var only] ? IsPlace(option) && Path.Exists(only.Value) ? Path.GetFullPath(only.Value) : only.Value
        : new JsonArray([.. tokens.Select(token => JsonValue.Create(token.Value))]);

    static bool IsPlace(Option option) => option.HelpName is "DIR" or "FILE" or "MODEL" or "NETWORK";

    static string Key(Option option) => JsonNamingPolicy.CamelCase.ConvertName(string.Concat(option.Name.Split('-',
        StringSplitOptions.RemoveEmptyEntries).Select(word => char.ToUpperInvariant(word[0]) + word[1..])));
}
