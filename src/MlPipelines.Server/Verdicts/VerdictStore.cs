using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace MlPipelines;

/// <summary>Judgements and what users say of them, in a SQLite file that several servers may use at once.</summary>
/// <remarks>Safe to use from several threads. A verdict is on the disk when the call returns. Judgements that nobody says anything of are
/// let go of, the oldest first, where there are many.</remarks>
public sealed class VerdictStore : IDisposable
{
    /// <summary>The most judgements without a verdict that are kept.</summary>
    internal const long MostPending = 100_000;

    /// <summary>The most bytes of pictures without a verdict that are kept.</summary>
    internal const long MostPendingBytes = 1L << 30;

    const int BetweenSweeps = 500;

    readonly string text;
    readonly TimeProvider time;
    // That of judgements, which need not outlive a loss of power; verdicts have connections of their own.
    readonly SqliteConnection judging;
    readonly Lock gate = new();
    int sinceSweep;

    VerdictStore(string path, string text, TimeProvider time)
    {
        (Path, this.text, this.time) = (path, text, time);
        judging = Connect("NORMAL");
    }

    /// <summary>Opens a file of verdicts.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">It is of another program or format, or damaged; the message names it.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static VerdictStore Open(string path) =>
        new(path, VerdictDatabase.Prepare(Check.Named(path), create: false), TimeProvider.System);

    /// <summary>Opens a file of verdicts, or makes it.</summary>
    /// <inheritdoc cref="Open(string)"/>
    internal static VerdictStore OpenOrCreate(string path, TimeProvider time) =>
        new(path, VerdictDatabase.Prepare(Check.Named(path), create: true), time);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The verdicts on each generation of the model that was served, the first one first.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public ImmutableArray<GenerationTally> Tally() => Using(connection =>
    {
        // One view of the file, whatever others write meanwhile.
        using var reading = connection.BeginTransaction(deferred: true);
        var counts = Rows(connection,
            "SELECT generation, actual, predicted, count(*) FROM judgement WHERE actual IS NOT NULL GROUP BY 1, 2, 3",
            row => (Generation: row.GetInt64(0), Count: new VerdictCount(row.GetInt32(1), row.GetInt32(2), row.GetInt64(3))))
            .ToLookup(row => row.Generation, row => row.Count);
        return Rows(connection, "SELECT number, model, name, since, judged, classes FROM generation ORDER BY number",
            row => new GenerationTally
            {
                Number = row.GetInt64(0),
                Model = row.GetString(1),
                Name = row.GetString(2),
                Since = DateTimeOffset.Parse(row.GetString(3), CultureInfo.InvariantCulture),
                Judged = row.GetInt64(4),
                Classes = ClassesOf(row.GetString(5)),
                Counts = [.. counts[row.GetInt64(0)]],
            }).ToImmutableArray();
    });

    /// <summary>Writes the pictures that users said something of as a labelled folder, one sub-folder a class, to be trained on.</summary>
    /// <param name="folder">A folder that is not there yet, or empty.</param>
    /// <param name="generation">Number of the generation whose judgements are taken; null for all.</param>
    /// <returns>What was written. Of the same picture judged several times the last verdict counts.</returns>
    /// <exception cref="InvalidDataException">There is no such generation, or no picture was kept.</exception>
    /// <exception cref="IOException">The folder holds something, or cannot be written.</exception>
    public ExportedVerdicts Export(string folder, long? generation = null) =>
        Using(connection => VerdictExport.Write(connection, Path, Check.Named(folder), generation));

    /// <exception cref="IOException">The file cannot be read.</exception>
    internal void CheckReadable() => Using(connection => VerdictDatabase.Number(connection, "SELECT count(*) FROM generation"));

    /// <summary>Lets go of the file; what others of several servers wrote is in it as well.</summary>
    public void Dispose()
    {
        lock (gate)
            judging.Dispose();
        SqliteConnection.ClearPool(judging);
    }

    /// <summary>The number of a model's generation, which is noted where it is new.</summary>
    /// <param name="model">The SHA-256 of its file.</param>
    /// <param name="name">Name of its file.</param>
    /// <param name="classes">Names of its classes.</param>
    internal long GenerationOf(string model, string name, ImmutableArray<string> classes) => Using(connection =>
    {
        using var writing = connection.BeginTransaction(deferred: false);
        var list = JsonSerializer.Serialize(classes);
        using (var insert = VerdictDatabase.Command(connection,
            "INSERT INTO generation (model, classes, name, since) VALUES ($model, $classes, $name, $now) ON CONFLICT DO NOTHING",
            ("$model", model), ("$classes", list), ("$name", name), ("$now", Now())))
            insert.ExecuteNonQuery();
        var number = VerdictDatabase.Number(connection, "SELECT number FROM generation WHERE model = $model AND classes = $classes",
            ("$model", model), ("$classes", list));
        writing.Commit();
        return number;
    });

    /// <summary>Keeps judgements, all or none of them.</summary>
    internal void Add(IReadOnlyList<Judgement> judgements) => VerdictDatabase.Naming(Path, () =>
    {
        lock (gate)
        {
            using var writing = judging.BeginTransaction(deferred: false);
            foreach (var judgement in judgements)
                Insert(judgement);
            foreach (var group in judgements.CountBy(judgement => judgement.Generation))
                VerdictDatabase.Execute(judging, string.Create(CultureInfo.InvariantCulture,
                    $"UPDATE generation SET judged = judged + {group.Value} WHERE number = {group.Key}"));
            if ((sinceSweep += judgements.Count) >= BetweenSweeps)
                Sweep();
            writing.Commit();
        }
        return true;
    });

    /// <summary>What a user says of a judgement; said again, it takes the place of what was said before.</summary>
    /// <param name="id">The judgement.</param>
    /// <param name="actual">The class that it is; null where it is right.</param>
    /// <param name="isRight">Whether the user says that it is right; null where only the class is said.</param>
    /// <returns>Null where there is no such judgement.</returns>
    /// <exception cref="ArgumentException">The model has no such class, or it contradicts that the judgement is right or wrong.</exception>
    internal Verdict? Answer(string id, string? actual, bool? isRight = null) => Using(connection =>
    {
        using var writing = connection.BeginTransaction(deferred: false);
        var found = Rows(connection, "SELECT judgement.number, predicted, actual, classes FROM judgement JOIN generation "
            + "ON generation.number = judgement.generation WHERE id = $id",
            row => (Number: row.GetInt64(0), Predicted: row.GetInt32(1), Before: row.IsDBNull(2) ? (int?)null : row.GetInt32(2),
                Classes: ClassesOf(row.GetString(3))), ("$id", id));
        if (found is not [var (number, predicted, before, classes)])
            return null;
        var place = PlaceOf(actual, predicted, classes);
        if (isRight is { } right && right != (place == predicted))
            throw new ArgumentException($"right: got {(right ? "true" : "false")}, but the model said '{classes[predicted]}' and class is "
                + $"'{classes[place]}'. Leave one of the two out.");
        using (var update = VerdictDatabase.Command(connection,
            "UPDATE judgement SET actual = $actual, answered = $now WHERE number = $number", ("$actual", place), ("$now", Now()),
            ("$number", number)))
            update.ExecuteNonQuery();
        writing.Commit();
        return new Verdict(classes[predicted], classes[place], place == predicted, before is { } said && said != place);
    });

    // Two classes may have one name; what was said is meant where it is one of them.
    static int PlaceOf(string? actual, int predicted, ImmutableArray<string> classes)
    {
        const int shown = 8;
        if (actual is null || NormalForm.Of(actual) is var name && classes[predicted] == name)
            return predicted;
        return classes.IndexOf(name) is >= 0 and var place ? place
            : throw new ArgumentException($"class: got '{DisplayText.Shorten(DisplayText.Visible(actual), 60)}', the model knows "
                + string.Join(", ", classes.Take(shown).Select(one => $"'{one}'"))
                + (classes.Length > shown ? $" and {classes.Length - shown} more." : "."));
    }

    void Insert(Judgement judgement)
    {
        using var insert = VerdictDatabase.Command(judging,
            "INSERT INTO judgement (id, generation, predicted, score, judged) VALUES ($id, $generation, $predicted, $score, $now)",
            ("$id", judgement.Id), ("$generation", judgement.Generation), ("$predicted", judgement.Predicted), ("$score", judgement.Score),
            ("$now", Now()));
        insert.ExecuteNonQuery();
        if (judgement.Picture is not { } picture)
            return;
        using var content = VerdictDatabase.Command(judging,
            "INSERT INTO picture (judgement, extension, content) VALUES (last_insert_rowid(), $extension, $content)",
            ("$extension", picture.Extension), ("$content", picture.Bytes.ToArray()));
        content.ExecuteNonQuery();
    }

    void Sweep()
    {
        sinceSweep = 0;
        VerdictDatabase.Execute(judging, string.Create(CultureInfo.InvariantCulture, $"""
            DELETE FROM judgement WHERE actual IS NULL AND number <= (SELECT max(number) FROM judgement) - {MostPending};
            DELETE FROM picture WHERE judgement IN (
              SELECT number FROM (
                SELECT judgement.number, sum(length(content)) OVER (ORDER BY judgement.number DESC) AS bytes
                FROM picture JOIN judgement ON judgement.number = picture.judgement WHERE actual IS NULL)
              WHERE bytes > {MostPendingBytes});
            """));
    }

    SqliteConnection Connect(string synchronous)
    {
        var connection = new SqliteConnection(text);
        connection.Open();
        VerdictDatabase.Execute(connection, $"PRAGMA synchronous = {synchronous}");
        return connection;
    }

    T Using<T>(Func<SqliteConnection, T> work) => VerdictDatabase.Naming(Path, () =>
    {
        using var connection = Connect("FULL");
        return work(connection);
    });

    string Now() => time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);

    static ImmutableArray<string> ClassesOf(string json) => JsonSerializer.Deserialize<ImmutableArray<string>>(json);

    static List<T> Rows<T>(SqliteConnection connection, string text, Func<SqliteDataReader, T> read,
        params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = VerdictDatabase.Command(connection, text, values);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }
}
