using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MlPipelines;

/// <summary>A folder of copies of the images predicted wrongly, with a list of them so that the next
/// run replaces these and nothing else.</summary>
sealed class MistakeFolder(string folder)
{
    internal const string ListName = "mistakes.json";
    const string Partial = ".mistake.partial";
    const int LongestClass = 48;

    readonly string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));

    /// <summary>Replaces the mistakes of the run before by copies of these.</summary>
    /// <exception cref="ArgumentException">An image lies in the folder itself.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    internal (ImmutableArray<Mistake> Mistakes, ImmutableArray<SkippedRow> Skipped) Replace(ScoredRows rows)
    {
        if (Array.Find([.. rows.Rows], row => row.Path is { } path && Holds(path)) is { Path: { } inside })
            throw new ArgumentException($"{folder}: holds the evaluated image '{inside}', needs to be a folder apart from the data. "
                + "Choose another folder for the mistakes.");
        try
        {
            Directory.CreateDirectory(full);
            RemovePrevious();
            var names = new UnusedFileNames([.. Directory.EnumerateFileSystemEntries(full).Select(Path.GetFileName)!, ListName, Partial]);
            var planned = rows.Rows.Where(row => row.Label != row.Predicted)
                .Select(row => (Row: row, Mistake: Named(rows.MistakeOf(row), names))).ToArray();
            // Before the copies: of a run that is killed the next one finds here what it may have written.
            WriteList(planned.Select(plan => plan.Mistake), []);
            var (mistakes, skipped) = (ImmutableArray.CreateBuilder<Mistake>(), rows.Skipped.ToBuilder());
            foreach (var (row, mistake) in planned)
                mistakes.Add(Copy(row, mistake) is { } reason ? Lost(mistake, reason, skipped) : mistake);
            WriteList(mistakes, skipped);
            return (mistakes.ToImmutable(), skipped.ToImmutable());
        }
        catch (Exception e) when (e is IOException { InnerException: null } or UnauthorizedAccessException)
        {
            throw new IOException(
                $"{folder}: cannot be written: {e.Message.TrimEnd('.')}. Make room, or choose another folder for the mistakes.", e);
        }
    }

    /// <summary>Puts a picture beside each copy, in the list too, so that the next run replaces it.</summary>
    /// <param name="mistakes">What <see cref="Replace"/> left.</param>
    /// <param name="skipped">The same.</param>
    /// <param name="draw">The picture of a copy as PNG.</param>
    /// <returns>The mistakes, and what was skipped with those whose copy cannot be read.</returns>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    internal (ImmutableArray<Mistake> Mistakes, ImmutableArray<SkippedRow> Skipped) AddPictures(ImmutableArray<Mistake> mistakes,
        ImmutableArray<SkippedRow> skipped, Func<Mistake, string, byte[]> draw)
    {
        var names = new UnusedFileNames([.. Directory.EnumerateFileSystemEntries(full).Select(Path.GetFileName)!]);
        var planned = mistakes.Select(mistake => mistake.File is null ? mistake
            : mistake with { HeatMap = names.Take($"{Path.GetFileNameWithoutExtension(mistake.File)}.heatmap.png") }).ToArray();
        // As with the copies, the list comes first.
        WriteList(planned, skipped);
        var (drawn, unread) = (ImmutableArray.CreateBuilder<Mistake>(), skipped.ToBuilder());
        foreach (var mistake in planned)
            drawn.Add(mistake.HeatMap is { } name && !Draw(mistake, name) ? mistake with { HeatMap = null } : mistake);
        WriteList(drawn, unread);
        return (drawn.ToImmutable(), unread.ToImmutable());

        bool Draw(Mistake mistake, string name)
        {
            byte[] picture;
            try
            {
                picture = draw(mistake, Path.Combine(full, mistake.File!));
            }
            catch (Exception exception) when (RowReader.IsUnreadable(exception))
            {
                unread.Add(new(mistake.Id, mistake.Path ?? $"row {mistake.Id}", $"cannot be explained: {exception.Message}"));
                return false;
            }
            AtomicFile.Write(Path.Combine(full, name), picture);
            return true;
        }
    }

    static Mistake Lost(Mistake mistake, string reason, ImmutableArray<SkippedRow>.Builder skipped)
    {
        skipped.Add(new SkippedRow(mistake.Id, mistake.Path ?? $"row {mistake.Id}", reason));
        return mistake with { File = null };
    }

    static Mistake Named(Mistake mistake, UnusedFileNames names)
    {
        var origin = mistake.Path is { } path ? LastPart(path) : $"{mistake.Id}.png";
        var name = SafeFileName.Of($"{Class(mistake.True)}_to_{Class(mistake.Predicted)}_{SafeFileName.Of(origin, 120)}", 240);
        return mistake with { File = names.Take(name) };
    }

    static string Class(string name) => SafeFileName.Of(name, LongestClass);

    static string LastPart(string path) => path[(path.AsSpan().LastIndexOfAny('/', '\\') + 1)..] is { Length: > 0 } name ? name : "image";

    /// <returns>Why it could not be copied; null when it was.</returns>
    string? Copy(ScoredRow row, Mistake mistake)
    {
        var partial = Path.Combine(full, Partial);
        Stream source;
        try
        {
            source = row.Path is { } path
                ? ArchivePath.Read(path) is { } bytes ? new MemoryStream(bytes, writable: false) : File.OpenRead(path)
                : new MemoryStream(row.Picture!, writable: false);
        }
        catch (Exception e) when (RowReader.IsUnreadable(e))
        {
            return $"cannot be copied: {e.Message}";
        }
        try
        {
            using (source)
            using (var target = File.Create(partial))
                source.CopyTo(target);
            // Never over a file: one that has come since the names were chosen is somebody else's.
            File.Move(partial, Path.Combine(full, mistake.File!), overwrite: false);
            return null;
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>Deletes what the list of the run before names; a file that has been changed since is not ours any more.</summary>
    void RemovePrevious()
    {
        File.Delete(Path.Combine(full, Partial));
        var list = Path.Combine(full, ListName);
        if (!File.Exists(list))
            return;
        foreach (var (name, bytes) in Previous(list))
        {
            var file = new FileInfo(Path.Combine(full, name));
            // Others may have written the list: nothing outside the folder is deleted, nor what is longer or shorter than the copy was.
            // No length is known where that run was killed.
            if (file.Exists && Path.GetFileName(name) == name && (bytes is null || file.Length == bytes))
                file.Delete();
        }
    }

    static IEnumerable<(string Name, long? Bytes)> Previous(string list)
    {
        try
        {
            return [.. JsonNode.Parse(File.ReadAllText(list))!["mistakes"]!.AsArray()
                .SelectMany(entry => ((string?, long?)[])[((string?)entry!["file"], (long?)entry["bytes"]),
                    ((string?)entry["heatMap"], (long?)entry["heatMapBytes"])])
                .Where(entry => entry.Item1 is not null).Select(entry => (entry.Item1!, entry.Item2))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or NullReferenceException)
        {
            throw new InvalidDataException($"{list}: is not the list of mistakes that an earlier run left, so it is not known which files "
                + "to replace. Delete it, or choose another folder.", e);
        }
    }

    void WriteList(IEnumerable<Mistake> mistakes, IEnumerable<SkippedRow> skipped) =>
        AtomicFile.WriteWithFolder(Path.Combine(full, ListName), new JsonObject
        {
            ["mistakes"] = new JsonArray([.. mistakes.Select(Entry)]),
            ["skipped"] = new JsonArray([.. skipped.Select(row =>
                new JsonObject { ["path"] = ArchivePath.Full(row.Path), ["reason"] = row.Reason })]),
        }.ToJsonString(JsonText.Indented));

    JsonObject Entry(Mistake mistake)
    {
        var entry = new JsonObject
        {
            ["file"] = mistake.File,
            ["bytes"] = LengthOf(mistake.File),
            ["path"] = mistake.Path is { } path ? ArchivePath.Full(path) : null,
            ["row"] = mistake.Id,
            ["true"] = mistake.True,
            ["predicted"] = mistake.Predicted,
            ["score"] = float.IsFinite(mistake.Score) ? mistake.Score : null,
        };
        if (mistake.HeatMap is { } heatMap)
            (entry["heatMap"], entry["heatMapBytes"]) = (heatMap, LengthOf(heatMap));
        return entry;
    }

    long? LengthOf(string? name) =>
        name is not null && new FileInfo(Path.Combine(full, name)) is { Exists: true } file ? file.Length : null;

    // By real path and by name: what lies in the folder, be it a link, a later run could delete.
    bool Holds(string path) => RealPath.IsWithin(RealPath.Of(path), RealPath.Of(full)) || RealPath.IsWithin(Path.GetFullPath(path), full);
}
