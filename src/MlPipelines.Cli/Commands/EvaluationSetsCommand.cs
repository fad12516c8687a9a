using System.Collections.Immutable;
using System.CommandLine;
using MlPipelines.Execution;
using MlPipelines.Networks;

namespace MlPipelines.Cli;

/// <summary>mlpipe evalsets FOLDER --member A --member B --output NEW.</summary>
static class EvaluationSetsCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = Options(terminal);
        TrainingOptions(command);
        TableOptions.Add(command, settings => settings.Table, (settings, table) => settings with { Table = table });
        return command;
    }

    static SettingsCommand<Settings> Options(Terminal terminal) => new("evalsets",
        "Looks for small balanced sets of images on which classifiers differ, and says whether what it finds holds on others.", new(),
        settings => Run(terminal, settings))
    {
        { SharedOptions.LabelledImages(), (settings, folder) => settings with { Folder = folder } },
        { Members(), (settings, members) => settings with { Members = members ?? [] } },
        { SharedOptions.NewFolder(), (settings, output) => settings with { Output = output! } },
        { OptionKinds.Number("--pictures", "Pictures in a set.", 200, 2), (settings, count) => settings with { Pictures = count } },
        {
            OptionKinds.Number("--draws", "How many sets are drawn at random and ranked.", 10, 1, 1000),
            (settings, draws) => settings with { Draws = draws }
        },
        {
            OptionKinds.Choice<SpreadMeasure>("--measure",
                "How far apart accuracies are: range, the greatest less the least, without it; or their "
                + "standard deviation.", "range|deviation"), (settings, measure) =>
                settings with { Measure = measure ?? SpreadMeasure.Range }
        },
        {
            new Option<bool>("--keep-doubtful") { Description = "Keep pictures whose label the members contradict together." },
            (settings, keep) => settings with { KeepDoubtful = keep }
        },
        {
            new Option<bool>("--keep-duplicates") { Description = "Keep pictures that look alike; copies of one file are left out all "
                + "the same." },
            (settings, keep) => settings with { KeepDuplicates = keep }
        },
        { new Option<bool>("--links") { Description = "Make sets of links instead of copies." }, (settings, links) =>
            settings with { Links = links } },
        {
            OptionKinds.Number("--shown", "Pictures of each set on the page.", 12, 0, 1000), (settings, shown) =>
                settings with { Shown = shown }
        },
        {
            OptionKinds.Number("--queries",
                "The most pictures that a member without a network is asked about to find out where it looks.", 300, 0),
            (settings, queries) => settings with { Queries = queries }
        },
        {
            OptionKinds.Folder("--answers",
                "Where answers of members are kept, so that none is asked for twice; OUTPUT-answers without it."),
            (settings, answers) => settings with { Answers = answers }
        },
        { OptionKinds.Text("--labels", "The names of the classes of members made elsewhere that have none.", "FILE"),
            (settings, labels) => settings with { Labels = labels } },
        { OptionKinds.Parsed("--preprocessing", "What members made elsewhere want done with pixels.", "KIND", PreprocessingText.Parse),
            (settings, kind) => settings with { Preprocessing = kind } },
        { SharedOptions.Device(), (settings, device) => settings with { Device = device } },
        { SharedOptions.Seed("What draws, search and trainings depend on."), (settings, seed) => settings with { Seed = seed } },
    };

    static void TrainingOptions(SettingsCommand<Settings> command)
    {
        command.Add(OptionKinds.Folder("--train",
            "Train members on these images, FOLDER's like, too: types differ by design, draws by chance."),
            (settings, train) => settings with { Train = train });
        command.Add(OptionKinds.Parsed("--types", $"Types to train, with commas between; all of {TypeNames} without it.", "A,B",
            text => text.Split(',', StringSplitOptions.TrimEntries).Select(TypeOf).ToImmutableArray()),
            (settings, types) => types.IsDefaultOrEmpty ? settings : settings with { Training = settings.Training with { Types = types } });
        Number("--train-draws", "Members of each type, each trained on a draw of its own.", 3, 1, 1000,
            (training, count) => training with { Draws = count });
        Number("--held-out-draws", "Further members of each type that what was found is tried on.", 1, 0, 1000,
            (training, count) => training with { HeldOutDraws = count });
        Number("--train-pictures", "Pictures in a draw.", 1000, 2, int.MaxValue, (training, count) => training with { Pictures = count });
        Number("--epochs", "How often a member sees its pictures.", 20, 1, int.MaxValue, (training, count) =>
            training with { Epochs = count });
        command.Add(OptionKinds.Folder("--trained",
            "Where trained members are kept, so that a stopped command goes on and none is trained twice; nowhere without it."),
            (settings, folder) => settings with { Training = settings.Training with { WorkspacePath = folder } });

        void Number(string name, string description, int fallback, int least, int most, Func<MemberTraining, int, MemberTraining> with) =>
            command.Add(OptionKinds.Number(name, description, fallback, least, most),
                (settings, number) => settings with { Training = with(settings.Training, number) });
    }

    static string TypeNames => string.Join(", ", ClassifierType.All.Select(type => type.Name));

    static ClassifierType TypeOf(string name) => ClassifierType.All.FirstOrDefault(type => type.Name == name)
        ?? throw new FormatException($"got '{name}', needs one of {TypeNames}.");

    static Option<MemberText[]?> Members() => new("--member")
    {
        Description = "A classifier: a model (.zip, .onnx), a template of an HTTP endpoint (.json), or a table of predictions (.csv, "
            + ".tsv); behind it "
            + "may stand ,name=… ,type=… ,filter=grey|blur|edges ,role=search|held-out ,labels=FILE ,preprocessing=KIND ,size=N. "
                + "Members of one type "
            + "differ by chance alone, such as by their seeds.",
        HelpName = "FILE",
        CustomParser = result =>
        {
            try
            {
                return [.. result.Tokens.Select(token => MemberText.Parse(token.Value))];
            }
            catch (FormatException failure)
            {
                result.AddError($"--member: {failure.Message}");
                return null;
            }
        },
    };

    static int Run(Terminal terminal, Settings settings)
    {
        var ml = terminal.Context(settings.Seed);
        TableOptions.Check(settings.Table, settings.Folder);
        if (settings.Members.Length == 0 && settings.Train is null)
            throw new InvalidDataException("--member: got none, two classifiers or more are needed; or images to train some on, by "
                + "--train FOLDER.");
        EvaluationSetSavingVerbs.CheckFree(settings.Output.Path);
        var images = TrainingImages.ToJudgeBy(ml.Data.LoadFromImages(settings.Folder, settings.Table));
        settings.Output.CheckOutside(images.Path);
        var answers = settings.Answers ?? $"{Path.TrimEndingDirectorySeparator(settings.Output.Path)}-answers";
        var members = new List<EvaluationMember>();
        try
        {
            foreach (var text in settings.Members)
                members.Add(Open(terminal, ml, settings, text, images));
            if (settings.Train is { } train)
                members.AddRange(ml.TrainMembers(ml.Data.LoadFromImages(train), settings.Training with
                {
                    Seed = settings.Seed,
                    Steps = terminal.Line,
                    CancellationToken = terminal.Cancellation,
                }));
            var report = terminal.Watch("asking", images.RowCount, bar =>
                ml.FindEvaluationSets(images, members, SearchOf(terminal, settings, answers) with
                {
                    Answers = new SynchronousProgress<(string Member, long Answers)>(done => bar.Report(new(done.Answers, done.Member))),
                }));
            Finish(terminal, report, report.Save(settings.Output.Path, new()
            {
                Links = settings.Links,
                ShownPictures = settings.Shown,
                Questions = settings.Queries,
                Steps = terminal.Line,
                CancellationToken = terminal.Cancellation,
            }), Directory.Exists(answers) ? answers : null);
            return ExitCode.Success;
        }
        finally
        {
            members.ForEach(member => member.Dispose());
        }
    }

    static EvaluationSetOptions SearchOf(Terminal terminal, Settings settings, string answers) => new()
    {
        Pictures = settings.Pictures,
        Draws = settings.Draws,
        Measure = settings.Measure,
        LeavesOutDoubtfulLabels = !settings.KeepDoubtful,
        NearDuplicates = settings.KeepDuplicates ? null : new(),
        Seed = settings.Seed,
        AnswerFolder = answers,
        Steps = terminal.Line,
        CancellationToken = terminal.Cancellation,
    };

    static void Finish(Terminal terminal, EvaluationSetReport report, SavedEvaluationSets saved, string? answers)
    {
        foreach (var member in report.Members.Where(member => member.Learnt is { Learnt: > 0 }))
            terminal.Error($"warning: {member.Name}: has learnt from {member.Learnt!.Learnt:N0} of these pictures, of which its "
                + "accuracy says nothing. Take others.");
        foreach (var picture in saved.Skipped)
            terminal.Error($"warning: {picture.Name}: is in no folder: {picture.Reason}");
        terminal.Line(report.Finding);
        if (answers is not null)
            terminal.Line($"answers: {Path.GetFullPath(answers)}");
        terminal.Line($"written: {saved.Path}");
        terminal.Line($"look at {saved.Page}");
    }

    static EvaluationMember Open(Terminal terminal, MLContext ml, Settings settings, MemberText text, LabelledImages images)
    {
        if (text.IsEndpoint)
            return new EndpointMember(EndpointTemplate.Read(text.Path), Environment.GetEnvironmentVariable, text.Name)
            {
                Type = text.Type,
                Filter = text.Filter,
                IsHeldOut = text.IsHeldOut,
            };
        if (text.IsTable)
            return text.Filter == PictureFilter.None
                ? new PredictionsMember(text.Path, text.Name) { Type = text.Type, IsHeldOut = text.IsHeldOut }
                : throw new InvalidDataException($"--member {text.Path}: a table of predictions cannot look through a filter. Leave it "
                    + "out.");
        var file = text.Model with { Device = settings.Device };
        if (file.IsOfOthers())
            file = file with { Labels = file.Labels ?? settings.Labels, Preprocessing = file.Preprocessing ?? settings.Preprocessing };
        var (model, schema) = Load(terminal, ml, file, images);
        return new ModelMember(ml, text.Name, model, schema, ownsModel: true)
        {
            Type = text.Type,
            Filter = text.Filter,
            IsHeldOut = text.IsHeldOut,
            // What is chosen by these images is not told by the file alone.
            File = File.Exists(text.Path) && !file.IsOfOthers() ? text.Path : null,
        };
    }

    static (ITransformer Model, DataViewSchema? Schema) Load(Terminal terminal, MLContext ml, ModelFile file, LabelledImages images)
    {
        if (file.IsOfOthers())
            return (file.LoadToJudge(terminal, ml)(images), ReadyMadeClassifier.Schema);
        var model = file.Load(terminal, ml, out var schema);
        return (model, schema);
    }

    sealed record Settings
    {
        public string Folder { get; init; } = "";
        public CsvOptions Table { get; init; } = new();
        public MemberText[] Members { get; init; } = [];
        public OutputPlace Output { get; init; } = null!;
        public int Pictures { get; init; }
        public int Draws { get; init; }
        public SpreadMeasure Measure { get; init; }
        public bool KeepDoubtful { get; init; }
        public bool KeepDuplicates { get; init; }
        public bool Links { get; init; }
        public int Shown { get; init; }
        public int Queries { get; init; }
        public string? Answers { get; init; }
        public string? Labels { get; init; }
        public Preprocessing? Preprocessing { get; init; }
        public Device Device { get; init; } = Device.Cpu;
        public int Seed { get; init; }
        public string? Train { get; init; }
        public MemberTraining Training { get; init; } = new();
    }
}
