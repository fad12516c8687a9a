using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MlPipelines.Cli;

/// <summary>How each command is called, below its help.</summary>
static class CommandExamples
{
    static readonly Dictionary<string, string[]> all = new()
    {
        ["train"] = ["mlpipe train photos", "mlpipe train photos --fine-tune 5 --name roses", "mlpipe train photos --fine-tune 5 --resume",
            "mlpipe train photos --dry-run",
            "mlpipe train photos.csv --label-column species --group-by patient"],
        ["run"] = ["mlpipe run runs/photos/pipeline.json", "mlpipe run runs/photos/pipeline.json --seed 2 --name another"],
        ["build"] = ["mlpipe build photos --minutes 10", "mlpipe build photos --minutes 10 --resume"],
        ["new"] = ["mlpipe new runs/photos Photos --output Photos", "mlpipe new runs/photos/model.onnx Photos --web --output Photos"],
        ["compare"] = ["mlpipe compare runs/photos/model.onnx runs/photos-2/model.onnx more-photos --output changed.csv"],
        ["report"] = ["mlpipe report runs/photos/model.onnx more-photos --train photos --output report.html"],
        ["calibrate"] = ["mlpipe calibrate runs/photos/model.onnx more-photos --output honest.onnx"],
        ["completion"] = ["mlpipe completion bash >> ~/.bashrc", "mlpipe completion fish > ~/.config/fish/completions/mlpipe.fish"],
        ["dataset labels"] = ["mlpipe dataset labels photos --output doubted"],
        ["evaluate"] = ["mlpipe evaluate runs/photos/model.onnx more-photos --miss mistakes",
            "mlpipe evaluate runs/photos/model.onnx list.csv --by camera --reject-below 0.8"],
        ["predict"] = ["mlpipe predict runs/photos/model.onnx holiday --csv", "mlpipe predict resnet50-v2 cat.jpg --top 3"],
        ["features"] = ["mlpipe features runs/photos/model.onnx holiday --output features.npy",
            "mlpipe features runs/photos/model.onnx holiday --shard 3/16 --output parts"],
        ["merge"] = ["mlpipe merge parts --output results.csv"],
        ["cluster slurm"] = ["mlpipe cluster slurm --shards 16 --output job.sh predict runs/photos/model.onnx holiday --output out.csv"],
        ["cluster kubernetes"] =
            ["mlpipe cluster kubernetes --shards 16 --image mlpipe:1 --claim photos evaluate runs/photos/model.onnx more-photos"],
        ["quickstart"] = ["mlpipe quickstart"],
        ["augment"] = ["mlpipe augment photos --augment \"RandomFlip,RandomRotation(20)\""],
        ["explain layers"] = ["mlpipe explain layers runs/photos/model.onnx"],
        ["explain heatmaps"] = ["mlpipe explain heatmaps runs/photos/model.onnx cat.jpg --output places.png"],
        ["explain filters"] = ["mlpipe explain filters runs/photos/model.onnx --output filters.png"],
        ["explain invert"] = ["mlpipe explain invert runs/photos/model.onnx cat.jpg --layers conv2d --output restored.png"],
        ["explain maximize"] = ["mlpipe explain maximize runs/photos/model.onnx --class cat --output cat.png"],
        ["explain map"] = ["mlpipe explain map runs/photos/model.onnx photos --output map.html"],
        ["serve"] = ["mlpipe serve runs/photos/model.onnx --keep-pictures"],
        ["verdicts"] = ["mlpipe verdicts verdicts.db", "mlpipe verdicts verdicts.db --export judged"],
        ["evalsets"] = ["mlpipe evalsets photos --member ours.onnx --member predictions.csv --output sets"],
        ["runs list"] = ["mlpipe runs list", "mlpipe runs list runs --sort when --csv"],
        ["runs show"] = ["mlpipe runs show photos"],
        ["runs compare"] = ["mlpipe runs compare photos photos-2 --output comparison.html"],
        ["dataset get"] = ["mlpipe dataset get cifar10"],
        ["dataset stats"] = ["mlpipe dataset stats photos"],
        ["dataset check"] = ["mlpipe dataset check photos --fail-on-findings"],
        ["dataset sheet"] = ["mlpipe dataset sheet photos --output sheet.png"],
        ["dataset balance"] = ["mlpipe dataset balance photos --output balanced"],
        ["dataset split"] = ["mlpipe dataset split photos --output divided"],
        ["dataset mini"] = ["mlpipe dataset mini photos --images 20 --output small"],
        ["models list"] = ["mlpipe models list"],
        ["models get"] = ["mlpipe models get mobilenetv2"],
        ["models inspect"] = ["mlpipe models inspect resnet18"],
        ["models summary"] = ["mlpipe models summary runs/photos/model.onnx"],
        ["models draw"] = ["mlpipe models draw resnet18 --output network.svg"],
    };

    // What somebody tries who knows no command yet.
    static readonly string[] first = ["mlpipe quickstart", "mlpipe train photos", "mlpipe predict runs/photos/model.onnx cat.jpg",
        "mlpipe help train"];

    /// <summary>All examples, in no order.</summary>
    public static IEnumerable<string> All => all.Values.SelectMany(examples => examples);

    /// <summary>The examples of a command; of one that only has others below it the first of each.</summary>
    public static IReadOnlyList<string> Of(Command command) => all.GetValueOrDefault(PathOf(command))
        ?? (command is RootCommand ? first : [.. command.Subcommands.Where(below => !below.Hidden).SelectMany(below => Of(below).Take(1))]);

    /// <summary>Lets the help of each command end with its examples.</summary>
    public static void AddTo(RootCommand root)
    {
        foreach (var help in root.Options.OfType<HelpOption>())
            help.Action = new HelpWithExamples((HelpAction)help.Action!);
    }

    static string PathOf(Command command) => command.Parents.OfType<Command>().FirstOrDefault() is { } parent and not RootCommand
        ? $"{PathOf(parent)} {command.Name}" : command.Name;

    sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var exit = help.Invoke(parseResult);
            if (Of(parseResult.CommandResult.Command) is { Count: > 0 } examples)
            {
                var output = parseResult.InvocationConfiguration.Output;
                output.WriteLine("Examples:");
                foreach (var example in examples)
                    output.WriteLine($"  {example}");
                output.WriteLine();
            }
            return exit;
        }
    }
}
