using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>How often each class was predicted as each class.</summary>
public sealed class NamedConfusionMatrix
{
    readonly ImmutableArray<ImmutableArray<double>> counts;

    /// <param name="classNames">Name of each class.</param>
    /// <param name="labels">True class of each row, from 0.</param>
    /// <param name="predicted">Predicted class of each row, from 0.</param>
    /// <exception cref="ArgumentException">The lists differ in length, or a class is not in the list of names.</exception>
    public NamedConfusionMatrix(IReadOnlyList<string> classNames, IReadOnlyList<int> labels, IReadOnlyList<int> predicted)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(predicted);
        if (labels.Count != predicted.Count)
            throw new ArgumentException($"predicted: got {predicted.Count} rows, needs {labels.Count}, as many as labels.",
                nameof(predicted));
        ClassNames = [.. classNames];
        var table = ClassNames.Select(_ => new double[ClassNames.Length]).ToArray();
        for (var row = 0; row < labels.Count; row++)
            table[Class(labels[row], nameof(labels), row)][Class(predicted[row], nameof(predicted), row)]++;
        counts = [.. table.Select(line => line.ToImmutableArray())];
        Counts = [.. counts];
        PerClassPrecision = [.. ClassNames.Select((_, index) => Ratio(counts[index][index], PredictedCount(index)))];
        PerClassRecall = [.. ClassNames.Select((_, index) => Ratio(counts[index][index], ActualCount(index)))];
    }

    /// <summary>Names of the classes, in the order of <see cref="Counts"/>.</summary>
    public ImmutableArray<string> ClassNames { get; }

    /// <summary>Number of rows: [true class][predicted class].</summary>
    public IReadOnlyList<IReadOnlyList<double>> Counts { get; }

    /// <summary>Of the rows predicted as each class, the share that is of it; 0 when none is predicted.</summary>
    public ImmutableArray<double> PerClassPrecision { get; }

    /// <summary>Of the rows of each class, the share that is predicted as it; 0 when there is none.</summary>
    public ImmutableArray<double> PerClassRecall { get; }

    /// <summary>Number of rows, and of columns.</summary>
    public int NumberOfClasses => ClassNames.Length;

    /// <summary>Number of rows of <paramref name="actualClassIndicatorIndex"/> that were predicted as
    /// <paramref name="predictedClassIndicatorIndex"/>.</summary>
    public double GetCountForClassPair(int predictedClassIndicatorIndex, int actualClassIndicatorIndex) =>
        counts[Check.Within(actualClassIndicatorIndex, 0, NumberOfClasses - 1)][Check.Within(predictedClassIndicatorIndex, 0,
            NumberOfClasses - 1)];

    /// <summary>The pairs of classes that are confused most often, the first most; those that never are, are left out.</summary>
    /// <param name="count">How many at most.</param>
    public ImmutableArray<ConfusedPair> MostConfused(int count = 10)
    {
        Check.AtLeast(count, 0);
        var pairs = from actual in Enumerable.Range(0, NumberOfClasses)
                    from predicted in Enumerable.Range(0, NumberOfClasses)
                    where actual != predicted && counts[actual][predicted] > 0
                    let pair = new ConfusedPair(ClassNames[actual], ClassNames[predicted], (long)counts[actual][predicted],
                        counts[actual][predicted] / ActualCount(actual))
                    orderby pair.Count descending, pair.Share descending
                    select pair;
        return [.. pairs.Take(count)];
    }

    /// <summary>Number of rows of class <paramref name="actual"/> that were predicted as <paramref name="predicted"/>.</summary>
    /// <exception cref="ArgumentException">There is no class of that name; the message lists the names there are.</exception>
    public double GetCountForClassPair(string predicted, string actual) => counts[Find(actual)][Find(predicted)];

    /// <summary>The table as text, with the names of the classes.</summary>
    public string GetFormattedConfusionTable() => ConfusionTable.Render(this);

    /// <summary>The table as text, with the names of the classes.</summary>
    public override string ToString() => GetFormattedConfusionTable();

    /// <summary>One row a true class, one column a predicted class.</summary>
    public string ToCsv()
    {
        var csv = new CsvWriter().Text("actual \\ predicted");
        foreach (var name in ClassNames)
            csv.Text(name);
        csv.EndRow();
        foreach (var (name, line) in ClassNames.Zip(counts))
        {
            csv.Text(name);
            foreach (var count in line)
                csv.Number(count);
            csv.EndRow();
        }
        return csv.ToString();
    }

    /// <summary>The table as a picture: darker cells hold a greater share of their true class.</summary>
    public string ToSvg() => ConfusionPicture.Render(this);

    /// <summary>Saves the table as text (.txt), .csv, .svg or .png, by the name's extension.</summary>
    /// <exception cref="ArgumentException">The extension is none of them.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        switch (Path.GetExtension(path).ToUpperInvariant())
        {
            case ".TXT": AtomicFile.WriteWithFolder(path, ToString()); break;
            case ".CSV": AtomicFile.WriteWithFolder(path, ToCsv()); break;
            case ".SVG": AtomicFile.WriteWithFolder(path, ToSvg()); break;
            case ".PNG": AtomicFile.WriteWithFolder(path, Imaging.Image.FromSvg(ToSvg()).Encode(".png")); break;
            case var other:
                throw new ArgumentException($"{path}: got the extension '{other}', needs one of .txt, .csv, .svg, .png.",
                nameof(path));
        }
    }

    internal double ActualCount(int index) => counts[index].Sum();
    internal double PredictedCount(int index) => counts.Sum(line => line[index]);

    int Find(string name) => ClassNames.IndexOf(name) is >= 0 and var index
        ? index
        : throw new ArgumentException($"Confusion matrix: got class '{name}', needs one of {string.Join(", ", ClassNames)}.", nameof(name));

    int Class(int index, string list, int row) => (uint)index < (uint)ClassNames.Length
        ? index
        : throw new ArgumentException($"{list}: row {row} is of class {index}, needs one from 0 to {ClassNames.Length - 1}, as there "
            + $"are {ClassNames.Length} class names.", list);

    static double Ratio(double part, double whole) => whole == 0 ? 0 : part / whole;
}
