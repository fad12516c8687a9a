using System.Collections.Immutable;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MlPipelines.Cli;

/// <summary>Loss and accuracy by epoch as small curves, as wide as the terminal: side by side where there is room, else one above the
/// other.</summary>
/// <remarks>Epochs come on one thread while another draws.</remarks>
sealed class TrainingCurves : Renderable
{
    const int Narrowest = 20, NarrowestBeside = 30, Gap = 3, MostRows = 5, FewestRows = 2;

    // What the curves leave of a terminal's height: the bar, and a line to read.
    const int KeptLines = 4;

    static readonly ImmutableArray<string> names = ["training", "validation"];
    static readonly ImmutableArray<Style> styles = [new(Color.Aqua), new(Color.Yellow)];

    ImmutableList<EpochMetrics> epochs = [];

    /// <summary>How many epochs there are.</summary>
    public int Count => Volatile.Read(ref epochs).Count;

    /// <summary>Takes an epoch; the first of another training takes the place of all before.</summary>
    public void Add(EpochMetrics epoch) => Volatile.Write(ref epochs, epoch.Epoch <= epochs.Count ? [epoch] : epochs.Add(epoch));

    /// <summary>Forgets all epochs.</summary>
    public void Clear() => Volatile.Write(ref epochs, []);

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        var drawn = Volatile.Read(ref epochs);
        if (drawn.IsEmpty)
            return [];
        return Lines(drawn, (maxWidth, options.ConsoleSize.Height), isAscii: !options.Unicode)
            .SelectMany(line => line.Select(part => new Segment(part.Text, part.Series is { } series ? styles[series] : Style.Plain))
                .Append(Segment.LineBreak));
    }

    /// <summary>The lines; none where the terminal is too narrow or too low.</summary>
    static ImmutableArray<ImmutableArray<CurvePart>> Lines(ImmutableList<EpochMetrics> epochs, (int Width, int Height) room, bool isAscii)
    {
        var isWatched = epochs.Any(epoch => epoch.ValidationLoss is not null);
        var isBeside = room.Width >= 2 * NarrowestBeside + Gap;
        var legend = isWatched ? Legend(room.Width, isAscii) : [];
        var rows = Math.Min(MostRows, (room.Height - KeptLines - legend.Length) / (isBeside ? 1 : 2) - 2);
        if (room.Width < Narrowest || rows < FewestRows)
            return [];
        var width = isBeside ? (room.Width - Gap) / 2 : room.Width;
        var (loss, accuracy) = (Curve("loss", epoch => epoch.Loss, epoch => epoch.ValidationLoss).Render(width, rows),
            (Curve("accuracy", epoch => epoch.Accuracy, epoch => epoch.ValidationAccuracy) with { IsShare = true }).Render(width, rows));
        return [.. legend, .. isBeside ? loss.Zip(accuracy, (left, right) => Beside(left, right, width + Gap)) : [.. loss, .. accuracy]];

        TextCurve Curve(string title, Func<EpochMetrics, double> learnt, Func<EpochMetrics, double?> watched) =>
            new(title, [[.. epochs.Select(learnt)], .. isWatched
                ? [[.. epochs.Select(epoch => watched(epoch) ?? double.NaN)]] : Array.Empty<ImmutableArray<double>>()])
            {
                IsAscii = isAscii,
            };
    }

    static ImmutableArray<ImmutableArray<CurvePart>> Legend(int width, bool isAscii)
    {
        CurvePart[] parts = [.. TextCurve.Marks(isAscii).Zip(names).Select((pair, series) =>
            new CurvePart($"{pair.First} {pair.Second}", series))];
        return parts.Sum(part => part.Text.Length) + 2 <= width ? [[parts[0], new("  ", null), parts[1]]]
            : [.. parts.Select(part => ImmutableArray.Create(part))];
    }

    static ImmutableArray<CurvePart> Beside(ImmutableArray<CurvePart> left, ImmutableArray<CurvePart> right, int width) =>
        [.. left, new(new string(' ', width - left.Sum(part => DisplayText.Width(part.Text))), null), .. right];
}
