using System.Collections.Immutable;
using System.Text;

namespace MlPipelines;

/// <summary>How many samples a class has.</summary>
/// <param name="Name">The class.</param>
/// <param name="Count">Its samples.</param>
/// <param name="Share">Of all samples that have a class, from 0 to 1.</param>
public sealed record ClassCount(string Name, long Count, double Share);

/// <summary>How many samples each class of a data view has, and what is doubtful about it.</summary>
public sealed class ClassCounts
{
    ClassCounts(ImmutableArray<ClassCount> classes, long unlabelled, IReadOnlySet<string>? expected) =>
        (Classes, Total, Unlabelled, Warnings) =
        (classes, classes.Sum(one => one.Count), unlabelled, [.. ClassWarning.Of(classes, expected)]);

    /// <summary>The classes: those expected in the order given, or those of a key in its order, then the others by name.</summary>
    public ImmutableArray<ClassCount> Classes { get; }

    /// <summary>Samples that have a class.</summary>
    public long Total { get; }

    /// <summary>Samples without one.</summary>
    public long Unlabelled { get; }

    /// <summary>What is doubtful, the worst first; each with what to do.</summary>
    public ImmutableArray<ClassWarning> Warnings { get; }

    /// <summary>Samples of a class; 0 when there is no such class.</summary>
    public long this[string name] => Classes.FirstOrDefault(one => one.Name == NormalForm.Of(name))?.Count ?? 0;

    /// <summary>How many times as many samples the largest class has as the smallest that has any;
    /// 1 when all are equal or there is none.</summary>
    public double Imbalance =>
        Present.Select(one => one.Count).DefaultIfEmpty(1).Max() / (double)Present.Select(one => one.Count).DefaultIfEmpty(1).Min();

    /// <summary>A factor for the loss of each class, in the order of <see cref="Classes"/>; 1 for a class without samples,
    /// which does not count among the k.</summary>
    public ImmutableArray<double> Weights(ClassWeighting weighting)
    {
        var (classes, roots) = (Present.Count(), Present.Sum(one => Math.Sqrt(one.Count)));
        return [.. Classes.Select(one => (one.Count, weighting) switch
        {
            (0, _) or (_, ClassWeighting.None) => 1,
            (_, ClassWeighting.Balanced) => Total / ((double)classes * one.Count),
            (_, ClassWeighting.SquareRoot) => Total / (roots * Math.Sqrt(one.Count)),
            _ => throw new ArgumentOutOfRangeException(nameof(weighting),
                $"weighting: got {weighting}, needs one of {string.Join(", ", Enum.GetNames<ClassWeighting>())}."),
        })];
    }

    /// <summary>One line a class: name, number, share.</summary>
    public override string ToString()
    {
        var width = Classes.Select(one => DisplayText.Width(DisplayText.Visible(one.Name))).DefaultIfEmpty(0).Max();
        return Classes.Aggregate(new StringBuilder(),
            (text, one) =>
                text.Append(DisplayText.PadRight(DisplayText.Visible(one.Name), width)).Append($"  {one.Count,8}  {one.Share,6:0.0%}\n"))
                .ToString();
    }

    /// <summary>Counts the rows; nothing but the labels is read.</summary>
    internal static ClassCounts Of(IDataView data, string labelColumn, IEnumerable<string>? expected)
    {
        var labels = ClassLabels.Of(data, labelColumn);
        var (rows, unlabelled) = (labels.Classes, labels.Unlabelled);
        var wanted = expected?.Select(NormalForm.Of).ToArray();
        var names = (wanted ?? labels.Known.AsEnumerable()).Concat(rows.Keys).Distinct(StringComparer.Ordinal).ToArray();
        var total = Math.Max(1, labels.Count - unlabelled.Count);
        return new([.. names.Select(name => rows.GetValueOrDefault(name)?.Count ?? 0)
            .Zip(names, (count, name) => new ClassCount(name, count, (double)count / total))],
            unlabelled.Count, wanted?.ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>The classes in an order of their own, and how many samples there are of each number, from 0.</summary>
    internal static ClassCounts Of(IReadOnlyList<string> names, IReadOnlyDictionary<int, int> counts)
    {
        var total = Math.Max(1, counts.Values.Sum());
        return new([.. names.Index()
            .Select(one =>
                new ClassCount(one.Item, counts.GetValueOrDefault(one.Index), (double)counts.GetValueOrDefault(one.Index) / total))], 0,
                null);
    }

    IEnumerable<ClassCount> Present => Classes.Where(one => one.Count > 0);
}
