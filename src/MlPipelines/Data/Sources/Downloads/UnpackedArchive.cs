using System.Text.Json;
using System.Text.Json.Nodes;

namespace MlPipelines;

/// <summary>The folder that came out of a published archive, with a list of its files by which it can be checked.</summary>
static class UnpackedArchive
{
    internal const string ListName = "source.json";

    static readonly ArchiveLimits limits = new() { Entries = 10_000, UnpackedBytes = 1L << 32 };
    static readonly JsonSerializerOptions indented = new() { WriteIndented = true };

    /// <summary>Whether the folder is the one that this archive held.</summary>
    /// <exception cref="InvalidDataException">It was, and a file of it has changed since.</exception>
    public static bool IsThere(string folder, PublishedFile archive)
    {
        var list = Path.Combine(folder, ListName);
        if (!File.Exists(list))
            return false;
        var files = Listed(list, archive)
            ?? throw new InvalidDataException(
                $"{list}: is not the list of what {archive.Name} held. Move the folder away, or choose another one.");
        foreach (var (name, sha256) in files)
            Compare(folder, name, sha256, archive);
        return true;
    }

    /// <summary>Unpacks the archive aside, and renames what came out when it is whole.
    /// A folder of that name that holds the same files already is kept.</summary>
    /// <exception cref="InvalidDataException">The archive holds something else than its folder,
    /// or there is a folder with other files.</exception>
    public static string Make(string path, string folder, PublishedFile archive, CancellationToken cancellation)
    {
        var (aside, target) = (Path.Combine(folder, $".{Guid.NewGuid():N}.part"), Path.Combine(folder, archive.Folder!));
        try
        {
            var files = ArchiveUnpacker.Unpack(path, aside, limits, cancellation);
            var stray = files.FirstOrDefault(file => !file.Name.StartsWith(archive.Folder + "/", StringComparison.Ordinal));
            if (stray is not null || files.Count == 0)
                throw new InvalidDataException(
                    $"{path}: holds {stray?.Name ?? "nothing"}, the folder {archive.Folder} and nothing else is needed. Move it away.");
            var inside = files.Select(file => file with { Name = file.Name[(archive.Folder!.Length + 1)..] }).ToArray();
            if (Directory.Exists(target))
                foreach (var file in inside)
                    Compare(target, file.Name, file.Sha256, archive);
            // Before the folder gets its name, so that a folder with a list is whole.
            AtomicFile.Write(Path.Combine(Directory.Exists(target) ? target : Path.Combine(aside, archive.Folder!), ListName),
                JsonSerializer.SerializeToUtf8Bytes(List(inside, archive), indented));
            if (!Directory.Exists(target))
                Directory.Move(Path.Combine(aside, archive.Folder!), target);
            return target;
        }
        finally
        {
            if (Directory.Exists(aside))
                Directory.Delete(aside, recursive: true);
        }
    }

    static void Compare(string folder, string name, string sha256, PublishedFile archive)
    {
        var file = Path.Combine(folder, name);
        if (!File.Exists(file) || Checksum.OfFile(file, unzipped: false) != sha256)
            throw new InvalidDataException($"{file}: {(File.Exists(file) ? "differs from" : "is missing, it is in")} {archive.Name}. Move "
                + $"the folder {folder} away, and it is unpacked again.");
    }

    static JsonObject List(IEnumerable<UnpackedFile> files, PublishedFile archive) => new()
    {
        ["archive"] = archive.Name,
        ["sha256"] = archive.Sha256,
        ["files"] = new JsonArray(
            [.. files.Select(file => new JsonObject { ["name"] = file.Name, ["bytes"] = file.Bytes, ["sha256"] = file.Sha256 })]),
    };

    static IReadOnlyList<(string Name, string Sha256)>? Listed(string list, PublishedFile archive)
    {
        try
        {
            var root = JsonNode.Parse(File.ReadAllText(list))!;
            return (string?)root["sha256"] != archive.Sha256 ? null
                : [.. root["files"]!.AsArray().Select(file => ((string)file!["name"]!, (string)file["sha256"]!))
                    .Where(file => ArchiveName.Of(file.Item1).Problem is null)];
        }
        catch (Exception failure)
            when (failure is JsonException or InvalidOperationException or FormatException or NullReferenceException
            or ArgumentNullException)
        {
            return null;
        }
    }
}
