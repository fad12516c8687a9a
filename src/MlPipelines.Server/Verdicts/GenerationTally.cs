using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>What users said of one generation of a model: one file of a model, with one list of class names.</summary>
public sealed record GenerationTally
{
    /// <summary>From 1, in the order in which they were first served.</summary>
    public required long Number { get; init; }

    /// <summary>SHA-256 of the model's file, in hexadecimal digits.</summary>
    public required string Model { get; init; }

    /// <summary>Name of the model's file, without its folder.</summary>
    public required string Name { get; init; }

    /// <summary>When it was first served.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Number of pictures judged, whether or not a user said something of them.</summary>
    public required long Judged { get; init; }

    /// <summary>Names of the classes, in the order of the model's scores.</summary>
    public required ImmutableArray<string> Classes { get; init; }

    /// <summary>How often users said that what was taken for one class is of another, or of the same; pairs that never came are left
    /// out.</summary>
    public required ImmutableArray<VerdictCount> Counts { get; init; }

    /// <summary>Number of judgements that users said something of; one that was corrected counts once.</summary>
    public long Verdicts => Counts.Sum(count => count.Count);

    /// <summary>Number of those that they said are right.</summary>
    public long Right => Counts.Sum(count => count.Actual == count.Predicted ? count.Count : 0);

    /// <summary>Share of those that are right; NaN where there is none.</summary>
    public double Accuracy => (double)Right / Verdicts;

    /// <summary>The range in which the share lies with 95 % confidence (Wilson's).</summary>
    public Interval AccuracyInterval => Interval.Wilson(Right, Verdicts);

    /// <summary>The verdicts as a table of the classes that occur in them.</summary>
    public NamedConfusionMatrix ToConfusionMatrix()
    {
        int[] occurring = [.. Counts.SelectMany(count => (int[])[count.Actual, count.Predicted]).Distinct().Order()];
        return new([.. occurring.Select(place => Classes[place])], Rows(count => count.Actual), Rows(count => count.Predicted));

        int[] Rows(Func<VerdictCount, int> side) =>
            [.. Counts.SelectMany(count => Enumerable.Repeat(Array.BinarySearch(occurring, side(count)), (int)count.Count))];
    }
}

/// <summary>How often a class was taken for one.</summary>
/// <param name="Actual">The class that users said, by its place in <see cref="GenerationTally.Classes"/>.</param>
/// <param name="Predicted">The class that the model said, likewise.</param>
/// <param name="Count">How often.</param>
public readonly record struct VerdictCount(int Actual, int Predicted, long Count);
