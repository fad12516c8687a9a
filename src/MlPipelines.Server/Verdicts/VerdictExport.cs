using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace MlPipelines;

/// <summary>A labelled folder made of verdicts.</summary>
/// <param name="Path">The folder, with one sub-folder a class.</param>
/// <param name="Classes">The sub-folder of each class that came: its name, with what a file system cannot hold replaced.</param>
/// <param name="Count">Number of pictures written.</param>
/// <param name="WithoutPicture">Number of verdicts whose pictures were not kept.</param>
/// <param name="Repeated">Number of verdicts on pictures of which a later verdict was taken.</param>
public sealed record ExportedVerdicts(string Path, ImmutableSortedDictionary<string, string> Classes, long Count, long WithoutPicture,
    long Repeated);

/// <summary>Writes pictures with verdicts as a labelled folder.</summary>
static class VerdictExport
{
    public static ExportedVerdicts Write(SqliteConnection connection, string file, string folder, long? generation)
    {
        if (!AtomicFolder.IsFree(folder))
            throw new IOException($"{folder}: {(File.Exists(folder) ? "is a file" : "holds something already")}, a new folder is needed. "
                + "Choose another, or empty it.");
        using var reading = connection.BeginTransaction(deferred: true);
        var classes = ClassesOf(connection, generation);
        if (classes.Count == 0)
            throw new InvalidDataException($"{file}: has no generation{(generation is { } asked ? $" {asked}" : "")}. Ask for one of the "
                + "tally's.");
        var verdicts = Number(connection, "SELECT count(*) FROM judgement WHERE actual IS NOT NULL", generation);
        if (Number(connection, "SELECT count(*) FROM judgement JOIN picture ON judgement.number = picture.judgement "
            + "WHERE actual IS NOT NULL", generation) == 0)
            throw new InvalidDataException($"{file}: holds {verdicts} verdicts and no picture of any. Pictures are kept where the server "
                + "is asked to (--keep-pictures).");
        return AtomicFolder.Write(folder, place => Fill(connection, place, System.IO.Path.GetFullPath(folder), classes, generation,
            verdicts));
    }

    static ExportedVerdicts Fill(SqliteConnection connection, string place, string folder, Dictionary<long, ImmutableArray<string>> classes,
        long? generation, long verdicts)
    {
        var (names, folders) = (new UnusedFileNames(), new Dictionary<string, string>(StringComparer.Ordinal));
        var (seen, read) = (new HashSet<string>(), 0L);
        // The latest verdict on a picture comes first, and is taken.
        using var command = Command(connection, "SELECT judgement.generation, actual, id, extension, content FROM judgement "
            + "JOIN picture ON judgement.number = picture.judgement WHERE actual IS NOT NULL", generation,
            " ORDER BY answered DESC, judgement.number DESC");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            read++;
            var content = (byte[])reader[4];
            if (!seen.Add(Convert.ToHexString(SHA256.HashData(content))))
                continue;
            var name = classes[reader.GetInt64(0)][reader.GetInt32(1)];
            if (!folders.TryGetValue(name, out var of))
            {
                folders.Add(name, of = names.Take(SafeFileName.Of(name)));
                Directory.CreateDirectory(System.IO.Path.Combine(place, of));
            }
            AtomicFile.Write(System.IO.Path.Combine(place, of, reader.GetString(2) + reader.GetString(3)), stream => stream.Write(content),
                durable: false);
        }
        return new(folder, folders.ToImmutableSortedDictionary(StringComparer.Ordinal), seen.Count, verdicts - read, read - seen.Count);
    }

    static Dictionary<long, ImmutableArray<string>> ClassesOf(SqliteConnection connection, long? generation)
    {
        using var command = VerdictDatabase.Command(connection,
            "SELECT number, classes FROM generation WHERE $generation IS NULL OR number = $generation", ("$generation", generation));
        using var reader = command.ExecuteReader();
        var classes = new Dictionary<long, ImmutableArray<string>>();
        while (reader.Read())
            classes.Add(reader.GetInt64(0), JsonSerializer.Deserialize<ImmutableArray<string>>(reader.GetString(1)));
        return classes;
    }

    static long Number(SqliteConnection connection, string text, long? generation)
    {
        using var command = Command(connection, text, generation);
        return (long)command.ExecuteScalar()!;
    }

    static SqliteCommand Command(SqliteConnection connection, string text, long? generation, string order = "") =>
        VerdictDatabase.Command(connection, $"{text} AND ($generation IS NULL OR judgement.generation = $generation){order}",
            ("$generation", generation));
}
