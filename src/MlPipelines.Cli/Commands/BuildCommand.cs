using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe build FOLDER.</summary>
static class BuildCommand
{
    static readonly BuildSettings defaults = new();

    public static Command Create(Terminal terminal)
    {
        var command = new SettingsCommand<BuildSettings>("build",
            "Tries what fits in the time on a labelled folder: heads on networks that have learnt already, fine-tuning, small networks "
                + "from scratch. Trains the best, and tests it with images that no choice has seen.",
            defaults, settings => BuildRun.Run(terminal, settings))
        {
            { SharedOptions.LabelledImages(), (settings, folder) => settings.On(data => data with { Folder = folder }) },
            {
                OptionKinds.Positive("--minutes", $"When it shall have ended, the last training and test included; without it {Minutes}."),
                (settings, minutes) => settings with { Minutes = minutes ?? settings.Minutes }
            },
            {
                OptionKinds.OptionalNumber("--trials", "The most trials. Equal seeds and equally many trials choose the same; where "
                    + "--minutes is not given beside it, time sets no bound.", 1), (settings, trials) => settings with { Trials = trials }
            },
            {
                OptionKinds.Texts("--network", "A network to try beside those at hand, which are ResNet-18 and those that 'mlpipe models "
                    + "get' has fetched: an .onnx file. It may be given several times.", "NETWORK"),
                (settings, networks) => settings with { Networks = networks ?? [] }
            },
            {
                OptionKinds.Parsed("--preprocessing", "What networks named with --network want done with pixels, in place of what is "
                    + $"known of them: {string.Join(", ", PreprocessingText.Names)}.", "KIND", PreprocessingText.Parse),
                (settings, kind) => settings.On(data => data with { Preprocessing = kind })
            },
            {
                OptionKinds.Parsed<string?>("--code", "Also write a C# project around the model into the run's folder, as 'mlpipe new' "
                    + "does, with a class of this name.", "ClassName", ProgramName.Parse),
                (settings, name) => settings with { Code = name }
            },
            {
                new Option<bool>("--resume") { Description = "Go on where an earlier build of the same name and images was stopped." },
                (settings, resume) => settings.On(data => data with { Resume = resume })
            },
        };
        command.Note((parsed, settings) => settings with
        {
            IsTimed = settings.Trials is null || parsed.GetResult("--minutes") is not null,
        });
        AddData(command);
        AddPlaces(command);
        return command;
    }

    static string Minutes => $"{defaults.Minutes:0}";

    static void AddData(SettingsCommand<BuildSettings> command)
    {
        command.Add(OptionKinds.Folder("--validation", "Images to choose by; without it a fifth of each class of what is not tested with."),
            (settings, folder) => settings.On(data => data with { Validation = folder }));
        command.Add(OptionKinds.Folder("--test", "Images to test the model with; without it a fifth of each class of FOLDER."),
            (settings, folder) => settings.On(data => data with { Test = folder }));
        command.Add(TableOptions.GroupBy(), (settings, groups) => settings.On(data => data with { GroupBy = groups }));
        TableOptions.Add(command, settings => settings.Training.Table,
            (settings, table) => settings.On(data => data with { Table = table }));
        command.Add(SharedOptions.Resizing(), (settings, resizing) => settings.On(data => data with { Resizing = resizing }));
    }

    static void AddPlaces(SettingsCommand<BuildSettings> command)
    {
        command.Add(SharedOptions.Seed("What divisions and trainings depend on."),
            (settings, seed) => settings.On(data => data with { Seed = seed }));
        command.Add(SharedOptions.Workers(), (settings, workers) => settings.On(data => data with { Workers = workers }));
        command.Add(SharedOptions.RunsFolder(defaults.Training.Output),
            (settings, folder) => settings.On(data => data with { Output = folder! }));
        command.Add(OptionKinds.Text("--name", "Name of the run's folder; without it that of FOLDER.", "NAME"),
            (settings, name) => settings.On(data => data with { Name = name }));
        command.Add(SharedOptions.Device(), (settings, device) => settings.On(data => data with { Device = device }));
        command.Add(SharedOptions.JsonLines("each trial, what was chosen, the test, the run"),
            (settings, json) => settings.On(data => data with { WritesJson = json }));
        command.Add(BadFiles.Fail(), (settings, fail) => settings.On(data => data with { FailOnBadFiles = fail }));
    }
}
