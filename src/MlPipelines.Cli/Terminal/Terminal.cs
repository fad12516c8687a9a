using System.Text.Json.Nodes;
using MlPipelines.Imaging;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MlPipelines.Cli;

/// <summary>Where a command writes: results to the output, everything else to the error stream; bars only on a real terminal.</summary>
/// <param name="output">Takes the results.</param>
/// <param name="error">Takes everything else.</param>
/// <param name="cancellation">Ends what is done.</param>
/// <param name="input">What is read where a command is told to.</param>
/// <param name="screen">A terminal that bars are drawn on; null for the process's own, where it has one.</param>
sealed class Terminal(TextWriter output, TextWriter error, CancellationToken cancellation, TextReader? input = null,
    IAnsiConsole? screen = null)
{
    // Elsewhere than on a real terminal work that takes long says now and then how far it is.
    static readonly TimeSpan silence = TimeSpan.FromSeconds(30);

    readonly IAnsiConsole? console = screen ?? (ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected
        && !Console.IsErrorRedirected ? Own() : null);

    const int NamedOfAKind = 20;

    readonly AlikeMessages warnings = new(NamedOfAKind);
    bool barShown;
    string speaker = "";

    public TextWriter Output { get; } = output;
    public TextReader Input { get; } = input ?? TextReader.Null;

    /// <summary>Whether results and bars go to the same place, where one would run into the other.</summary>
    public bool ShowsResults => console is not null;

    public CancellationToken Cancellation { get; } = cancellation;
    public bool Verbose { get; set; }

    /// <summary>Whether results are JSON, one object a line, for machines; lines for people then go to the error stream.</summary>
    public bool WritesJson { get; set; }

    /// <summary>Whether nothing is said, as by all but one of the processes that train together.</summary>
    public bool IsMuted { get; set; }

    /// <summary>From now on speaks, as one of several processes.</summary>
    public void SpeaksAs(int rank) => (IsMuted, speaker) = (false, rank == 0 ? "" : $"rank {rank}: ");

    /// <summary>One result for machines; nothing where results are for people.</summary>
    public void Result(JsonObject value)
    {
        if (WritesJson && !IsMuted)
            Output.WriteLine(value.ToJsonString());
    }

    /// <summary>One line of the result, or several that belong together.</summary>
    public void Line(string text = "")
    {
        if (WritesJson)
        {
            foreach (var line in text.Split('\n'))
                Aside(line);
            return;
        }
        if (IsMuted)
            return;
        if (console is not null && barShown)
            console.Write(new WholeLine(text));
        else
            Output.WriteLine(text);
    }

    /// <summary>One line on the error stream.</summary>
    public void Error(string text) => Aside($"mlpipe: {text}");

    /// <summary>A context whose warnings are shown as they come, but for pictures that cannot be scored:
    /// commands name those with their results.</summary>
    public MLContext Context(int? seed, PixelCache? cache = null)
    {
        var context = new MLContext(seed);
        context.UsePixelCache(cache);
        context.Log += (_, message) =>
        {
            if (message.Source == nameof(ImageClassifier))
                return;
            if (message.Kind >= Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                Warning(message.RawMessage);
            else if (Verbose)
                Aside(message.RawMessage);
        };
        return context;
    }

    /// <summary>Says how many warnings were held back because others like them had been shown.</summary>
    public void Finish()
    {
        foreach (var line in warnings.HeldBack())
            Aside($"warning: {line}");
    }

    void Warning(string text)
    {
        if (warnings.Lets(text))
            Aside($"warning: {text}");
    }

    /// <summary>Runs work that tells how many images, or how much else, it is through; a bar shows it on a real terminal, a line now and
    /// then elsewhere.</summary>
    /// <param name="name">What is done at first.</param>
    /// <param name="total">How much there is to do, where the work does not say it.</param>
    /// <param name="work">The work.</param>
    /// <param name="unit">What is counted.</param>
    /// <param name="curves">Drawn above the bar while it is shown, where the terminal can move its cursor; they stay where they have more
    /// than one epoch.</param>
    public T Watch<T>(string name, long total, Func<IProgress<WorkProgress>, T> work, string unit = "images", TrainingCurves? curves = null)
    {
        if (console is null)
            return work(new LineProgress(Aside, total, unit, silence));
        var drawn = CanDraw(console) && !WritesJson ? curves : null;
        barShown = true;
        try
        {
            return Bar(console, (name, total, unit), work, drawn);
        }
        finally
        {
            barShown = false;
            if (drawn is { Count: > 1 })
                console.Write(drawn);
        }
    }

    static bool CanDraw(IAnsiConsole console) => console.Profile.Capabilities is { Ansi: true, Interactive: true };

    static IAnsiConsole Own()
    {
        var console = AnsiConsole.Console;
        console.Profile.Capabilities.Unicode = TerminalCharacters.AreUnicode(Environment.GetEnvironmentVariable);
        return console;
    }

    static T Bar<T>(IAnsiConsole console, (string Name, long Total, string Unit) begun, Func<IProgress<WorkProgress>, T> work,
        TrainingCurves? curves) =>
        console.Progress().AutoClear(true)
            .UseRenderHook((bars, _) => curves is { Count: > 0 } ? new Rows(curves, bars) : bars)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
                new SpeedColumn(begun.Unit), new RemainingTimeColumn())
            .Start(bars =>
            {
                var bar = bars.AddTask(Markup.Escape(begun.Name), maxValue: Math.Max(1, begun.Total));
                return work(new SynchronousProgress<WorkProgress>(step =>
                {
                    bar.Description = Markup.Escape(step.Name);
                    bar.MaxValue = Math.Max(1, step.Total ?? begun.Total);
                    bar.Value = step.Done;
                }));
            });

    void Aside(string text)
    {
        if (IsMuted)
            return;
        var line = DisplayText.Visible(speaker + text.ReplaceLineEndings(" "));
        if (console is not null && barShown)
            console.Write(new WholeLine(line));
        else
            error.WriteLine(line);
    }

    // A line that is written over what was drawn; what it is shorter by is cleared.
    sealed class WholeLine(string text) : Renderable
    {
        const string ClearToEnd = "\u001b[K";

        protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
            Segment.SplitLines(((IRenderable)new Text(text)).Render(options, maxWidth)).SelectMany(line => line
                .Concat(options.Ansi ? [Segment.Control(ClearToEnd)] : []).Append(Segment.LineBreak));
    }

    sealed class SpeedColumn(string unit) : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(task.ElapsedTime > TimeSpan.FromSeconds(1) && task.Speed is { } speed ? $"{speed:0} {unit}/s" : "");
    }
}
