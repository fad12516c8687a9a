using System.Text.Json.Nodes;
using MlPipelines.Imaging;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MlPipelines.Cli;

/// <summary>Where a command writes: results to the output, everything else to the error stream; bars only on a real terminal.</summary>
sealed class Terminal(TextWriter output, TextWriter error, CancellationToken cancellation, TextReader? input = null)
{
    // Elsewhere than on a real terminal work that takes long says now and then how far it is.
    static readonly TimeSpan silence = TimeSpan.FromSeconds(30);

    readonly IAnsiConsole? console = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected && !Console.IsErrorRedirected
        ? AnsiConsole.Console : null;

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

    /// <summary>One line of the result.</summary>
    public void Line(string text = "")
    {
        if (WritesJson)
        {
            Aside(text);
            return;
        }
        if (IsMuted)
            return;
        if (console is not null && barShown)
            console.WriteLine(text);
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
    public T Watch<T>(string name, long total, Func<IProgress<WorkProgress>, T> work, string unit = "images")
    {
        if (console is null)
            return work(new LineProgress(Aside, total, unit, silence));
        barShown = true;
        try
        {
            return Bar(console, name, total, work, unit);
        }
        finally
        {
            barShown = false;
        }
    }

    static T Bar<T>(IAnsiConsole console, string name, long total, Func<IProgress<WorkProgress>, T> work, string unit) =>
        console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
                new SpeedColumn(unit), new RemainingTimeColumn())
            .Start(bars =>
            {
                var bar = bars.AddTask(Markup.Escape(name), maxValue: Math.Max(1, total));
                return work(new SynchronousProgress<WorkProgress>(step =>
                {
                    bar.Description = Markup.Escape(step.Name);
                    bar.MaxValue = Math.Max(1, step.Total ?? total);
                    bar.Value = step.Done;
                }));
            });

    void Aside(string text)
    {
        if (IsMuted)
            return;
        var line = DisplayText.Visible(speaker + text.ReplaceLineEndings(" "));
        if (console is not null && barShown)
            console.WriteLine(line);
        else
            error.WriteLine(line);
    }

    sealed class SpeedColumn(string unit) : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(task.ElapsedTime > TimeSpan.FromSeconds(1) && task.Speed is { } speed ? $"{speed:0} {unit}/s" : "");
    }
}
