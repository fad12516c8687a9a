using System.Collections.Immutable;
using System.Globalization;

namespace MlPipelines;

/// <summary>A table of predictions (.csv or .tsv) that some classifier wrote: a column of paths, one of the predicted classes, and, where
/// it has them, columns <c>score CLASS</c>; such as the predictions.csv of an evaluation.</summary>
/// <remarks>A picture is found by its full path; or else by the longest end of its path that only one row has. Rows of other pictures are
/// passed over; pictures without a row have no answer.</remarks>
public sealed class PredictionsMember : EvaluationMember
{
    const string ScorePrefix = "score ";

    static readonly string[] predictedNames = ["predicted", "predictedlabel", "prediction", "predictedclass", "label", "class"];
    static readonly string[] pathNames = ["path", "imagepath", "file", "filename", "image"];

    readonly Dictionary<string, Row> rows = new(StringComparer.Ordinal);
    readonly Dictionary<string, Row?> byEnd = new(StringComparer.Ordinal);
    readonly ImmutableArray<string> classes;

    /// <summary>Reads the table.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">What reports call it; null for the file's name.</param>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">It lacks a column, holds no row, says two things of one picture, or gives a score that is no
    /// probability.</exception>
    public PredictionsMember(string path, string? name = null) : base(name ?? Path.GetFileName(Check.Named(path)))
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path}: not found, a table of predictions is needed. Check the path.", path);
        using var lines = new CsvReader(path, Path.GetExtension(path).Equals(".tsv", StringComparison.OrdinalIgnoreCase) ? '\t' : ',')
            .Read().GetEnumerator();
        if (!lines.MoveNext())
            throw new InvalidDataException($"{path}: is empty, a header with path and predicted is needed.");
        var columns = new Columns(path, lines.Current.Cells);
        classes = [.. columns.Scores.Select(column => column.Class)];
        while (lines.MoveNext())
            Add(path, columns.Read(lines.Current.Line, lines.Current.Cells));
        if (rows.Count == 0)
            throw new InvalidDataException($"{path}: has a header and no row, predictions are needed.");
    }

    internal override string? Attention => null;

    /// <inheritdoc/>
    protected internal override IEnumerable<MemberAnswer> Answers(IReadOnlyList<AskedPicture> pictures, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        foreach (var picture in pictures)
            yield return Find(picture.Name) is not { } row ? new(null, "the table has no row for it")
                : row.Scores is { } scores ? new(row.Class) { Classes = classes, Probabilities = scores } : new(row.Class);
    }

    internal override HeatMap? Looks(AskedPicture picture, ref int questions, CancellationToken cancellation) => null;

    Row? Find(string name)
    {
        var full = Slashed(ArchivePath.Full(name));
        if (rows.TryGetValue(full, out var row))
            return row;
        foreach (var end in Ends(full))
            if (byEnd.TryGetValue(end, out var found))
                return found;
        return null;
    }

    void Add(string path, Row row)
    {
        var name = Slashed(ArchivePath.Full(row.Path));
        if (!rows.TryAdd(name, row))
        {
            if (rows[name].Class == row.Class)
                return;
            throw new InvalidDataException($"{path}:{row.Line}: says that {row.Path} is '{row.Class}', line {rows[name].Line} says "
                + $"'{rows[name].Class}'. Leave one of them.");
        }
        foreach (var end in Ends(name))
            byEnd[end] = byEnd.ContainsKey(end) ? null : row;
    }

    static string Slashed(string path) => path.Replace('\\', '/');

    // From the longest to the file's name alone.
    static IEnumerable<string> Ends(string path)
    {
        for (var at = path.IndexOf('/'); at >= 0; at = path.IndexOf('/', at + 1))
            yield return path[(at + 1)..];
        if (!path.Contains('/'))
            yield return path;
    }

    sealed record Row(int Line, string Path, string Class, float[]? Scores);

    sealed class Columns
    {
        readonly string table;
        readonly int path, predicted;

        public Columns(string table, string[] header)
        {
            this.table = table;
            var bare = Array.ConvertAll(header, cell => string.Concat(cell.Where(char.IsLetterOrDigit)).ToLowerInvariant());
            path = Find(bare, pathNames, "paths");
            predicted = Find(bare, predictedNames, "predicted classes");
            Scores = [.. header.Index().Where(cell => cell.Item.StartsWith(ScorePrefix, StringComparison.Ordinal))
                .Select(cell => (cell.Index, NormalForm.Of(Text(cell.Item[ScorePrefix.Length..]))))];
        }

        public ImmutableArray<(int Index, string Class)> Scores { get; }

        public Row Read(int line, string[] cells)
        {
            var last = Math.Max(Math.Max(path, predicted), Scores.Select(column => column.Index).DefaultIfEmpty(0).Max());
            if (cells.Length <= last)
                throw new InvalidDataException($"{table}:{line}: has {Counted.Of(cells.Length, "cell")}, {last + 1} are needed as in "
                    + "the header.");
            var (file, name) = (Text(cells[path]), Text(cells[predicted]));
            if (file.Length == 0 || name.Length == 0)
                throw new InvalidDataException(
                    $"{table}:{line}: has no {(file.Length == 0 ? "path" : "predicted class")}. Fill it in, or leave out the row.");
            return new(line, file, NormalForm.Of(name), Scores.IsEmpty ? null : Probabilities(line, cells));
        }

        float[] Probabilities(int line, string[] cells) => [.. Scores.Select(column =>
            float.TryParse(cells[column.Index], NumberStyles.Float, CultureInfo.InvariantCulture, out var score)
                && score is >= 0 and <= 1.0001f
            ? score : throw new InvalidDataException($"{table}:{line}: the score of '{column.Class}' is '{cells[column.Index]}', a "
                + "number from 0 to 1 is needed."))];

        int Find(string[] header, string[] names, string what)
        {
            foreach (var name in names)
                if (Array.IndexOf(header, name) is >= 0 and var found && (what != "predicted classes" || found != path))
                    return found;
            throw new InvalidDataException($"{table}: has no column of {what}, one of {string.Join(", ", names)} is needed in the first "
                + "line.");
        }

        static string Text(string cell) => cell.StartsWith('\'') ? CsvWriter.TextOf(cell) : cell.Trim();
    }
}
