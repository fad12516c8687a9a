using System.Collections.Immutable;
using System.Globalization;

namespace MlPipelines;

/// <summary>An image on which two models say different classes.</summary>
/// <param name="Id">Which sample.</param>
/// <param name="Path">Its file; null when the data came from no file.</param>
/// <param name="True">Name of its class.</param>
/// <param name="First">What the first model says.</param>
/// <param name="Second">What the second says.</param>
public sealed record ChangedPrediction(long Id, string? Path, string True, string First, string Second)
{
    /// <summary>Whether the second model is right where the first is not.</summary>
    public bool IsGain => Second == True;

    /// <summary>Whether the first model is right where the second is not.</summary>
    public bool IsLoss => First == True;
}

/// <summary>Two models on the same images: which is right more often, whether by more than chance, and which images changed
/// sides.</summary>
public sealed record ModelComparison
{
    internal ModelComparison(ScoredRows first, ScoredRows second)
    {
        var others = Matched(first, second);
        var names = (first.ClassNames, second.ClassNames);
        var changed = ImmutableArray.CreateBuilder<ChangedPrediction>();
        foreach (var (one, other) in first.Rows.Zip(others))
        {
            var (label, before, after) = (names.Item1[one.Label], names.Item1[one.Predicted], names.Item2[other.Predicted]);
            if (label != names.Item2[other.Label])
                throw new InvalidDataException($"{one.Path ?? $"row {one.Id}"}: is '{label}' in the first data and "
                    + $"'{names.Item2[other.Label]}' in the second. Compare models on the same data.");
            BothRight += before == label && after == label ? 1 : 0;
            BothWrong += before != label && after != label ? 1 : 0;
            if (before != after)
                changed.Add(new(one.Id, one.Path, label, before, after));
        }
        (RowCount, Changed) = (first.Rows.Length, changed.ToImmutable());
        (Gained, Lost) = (Changed.Count(one => one.IsGain), Changed.Count(one => one.IsLoss));
    }

    /// <summary>Number of images.</summary>
    public int RowCount { get; }

    /// <summary>Images that both recognise.</summary>
    public int BothRight { get; }

    /// <summary>Images that neither recognises.</summary>
    public int BothWrong { get; }

    /// <summary>Images that the second recognises and the first does not.</summary>
    public int Gained { get; }

    /// <summary>Images that the first recognises and the second does not.</summary>
    public int Lost { get; }

    /// <summary>Share of the images that the first recognises.</summary>
    public double FirstAccuracy => (double)(BothRight + Lost) / RowCount;

    /// <summary>Share of the images that the second recognises.</summary>
    public double SecondAccuracy => (double)(BothRight + Gained) / RowCount;

    /// <summary>The second's accuracy less the first's.</summary>
    public double Difference => (double)(Gained - Lost) / RowCount;

    /// <summary>Where the difference lies with 95 % confidence, the images being the same.</summary>
    /// <remarks>Source: Agresti, Min 2005, doi:10.1002/sim.1781: Wald's interval with half an image added to each kind.</remarks>
    public Interval DifferenceInterval
    {
        get
        {
            const double z = 1.959963984540054;
            var (rows, gained, lost) = (RowCount + 2.0, Gained + 0.5, Lost + 0.5);
            var centre = (gained - lost) / rows;
            var half = z * Math.Sqrt(gained + lost - (gained - lost) * (gained - lost) / rows) / rows;
            return new(Math.Max(-1, centre - half), Math.Min(1, centre + half));
        }
    }

    /// <summary>Chance that two equally good models differ at least so unevenly: McNemar's test, exact and two-sided.</summary>
    public double PValue => SignTest.TwoSided(Gained, Lost);

    /// <summary>The images of which they say different classes, in the order of the data; those that neither recognises among
    /// them.</summary>
    public ImmutableArray<ChangedPrediction> Changed { get; }

    /// <summary>One line a changed image: path, true class, what each says, and gained, lost or neither.</summary>
    public string ToCsv()
    {
        var csv = new CsvWriter().Text("path").Text("true").Text("first").Text("second").Text("change").EndRow();
        foreach (var one in Changed)
            csv.Text(one.Path ?? $"row {one.Id}").Text(one.True).Text(one.First).Text(one.Second)
                .Text(one.IsGain ? "gained" : one.IsLoss ? "lost" : "neither").EndRow();
        return csv.ToString();
    }

    /// <summary>In a sentence.</summary>
    public override string ToString()
    {
        var interval = DifferenceInterval;
        return string.Create(CultureInfo.InvariantCulture, $"{FirstAccuracy:0.0%} and {SecondAccuracy:0.0%} of "
            + $"{Counted.Of(RowCount, "image")}: {Gained} gained, {Lost} lost, a difference of {100 * Difference:+0.0;-0.0;0.0} points "
            + $"({100 * interval.Lower:+0.0;-0.0;0.0} to {100 * interval.Upper:+0.0;-0.0;0.0} with 95 % confidence, "
            + $"p {(PValue < 0.0001 ? "< 0.0001" : string.Create(CultureInfo.InvariantCulture, $"= {PValue:0.####}"))})");
    }

    // By file where both have files, that appear once; else by the sample's number.
    static ScoredRow[] Matched(ScoredRows first, ScoredRows second)
    {
        if (first.Rows.IsEmpty)
            throw new InvalidDataException("Compare: got no row with a label and a prediction, needs at least one.");
        var byPath = HasFiles(first) && HasFiles(second);
        var those = byPath ? second.Rows.ToDictionary(row => (object)row.Path!) : second.Rows.ToDictionary(row => (object)row.Id);
        var matched = first.Rows.Select(row => (row, Other: those.GetValueOrDefault(byPath ? row.Path! : row.Id))).ToArray();
        var alone = matched.Where(pair => pair.Other is null).Select(pair => pair.row).ToArray();
        return alone.Length == 0 && first.Rows.Length == second.Rows.Length ? [.. matched.Select(pair => pair.Other!)]
            : throw new InvalidDataException($"Compare: the first data has {first.Rows.Length} rows, the second {second.Rows.Length}, "
                + $"{first.Rows.Length - alone.Length} in common"
                + (alone.Length == 0 ? "" : $"; {alone[0].Path ?? $"row {alone[0].Id}"} is in the first alone")
                + ". Compare models on the same data.");

        static bool HasFiles(ScoredRows rows) =>
            rows.Rows.All(row => !string.IsNullOrEmpty(row.Path)) && rows.Rows.DistinctBy(row => row.Path).Count() == rows.Rows.Length;
    }
}
