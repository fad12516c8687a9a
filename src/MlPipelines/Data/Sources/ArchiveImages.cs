using System.Text;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>The images of an archive with one folder a class, listed as <see cref="ImageFolder"/> lists a folder.</summary>
static class ArchiveImages
{
    public static LabelledImages List(string path, ArchiveLimits? limits, Encoding? nameEncoding)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path}: {(Directory.Exists(path) ? "is a folder" : "not found")}, a zip, tar or tar.gz with "
                + "one folder a class is needed. Check the path.");
        var archive = Archive.Open(path, limits, nameEncoding);
        var (images, ignored, hidden, seen) = (new List<(string Name, int Position)>(), new List<IgnoredFile>(), new List<string>(),
            new HashSet<string>(StringComparer.Ordinal));
        foreach (var (position, entry) in archive.Entries.Index())
        {
            if (entry.Problem is { } problem)
                ignored.Add(new($"{path}/{entry.Name}", problem));
            else if (!entry.IsFile)
                continue;
            else if (IsHidden(entry.Name))
                hidden.Add($"{path}/{entry.Name}");
            else if (!seen.Add(entry.Name))
                ignored.Add(new($"{path}/{entry.Name}", "comes twice, the first one is taken"));
            else if (ImageFolder.Extensions.Contains(Path.GetExtension(entry.Name)))
                images.Add((entry.Name, position));
            else
                ignored.Add(new($"{path}/{entry.Name}",
                    Path.GetExtension(entry.Name) is { Length: > 0 } extension ? $"'{extension}' is no image format read here"
                    : "has no extension"));
        }
        var above = Wrapper(images.Select(image => image.Name));
        var labelled = images.ToLookup(image => image.Name.IndexOf('/', above) >= 0);
        ignored.AddRange(archive.Problems.Select(problem => new IgnoredFile(path, problem)));
        ignored.AddRange(labelled[false].Select(image => new IgnoredFile($"{path}/{image.Name}", "lies beside the class folders")));
        var rows = labelled[true].OrderBy(image => image.Name, StringComparer.Ordinal).ToArray();
        if (rows.Length == 0)
            throw new InvalidDataException($"{path}: holds no image in a folder"
                + (ignored.Count > 0 ? $" ({ignored.Count} other entries, such as {ignored[0].Path}: {ignored[0].Reason})" : "")
                + ", one folder a class is needed. Is it the right file?");
        return new(path, [.. rows.Select(image => ($"{path}/{image.Name}", image.Name[above..image.Name.IndexOf('/', above)]))], ignored,
            row => Image.FromReader(() => archive.Read(rows[row].Position), $"{path}/{rows[row].Name}"))
        {
            Hidden = [.. hidden],
        };
    }

    static bool IsHidden(string name) => name.Split('/').Any(part => part.StartsWith('.') || part == "__MACOSX");

    /// <summary>Length of the path of folders that all images lie in, each in a folder of its own below them:
    /// those are no classes.</summary>
    static int Wrapper(IEnumerable<string> names)
    {
        var parts = names.Select(name => name.Split('/')).ToArray();
        return parts.Length == 0 ? 0
            : parts[0].TakeWhile((folder, depth) => parts.All(part => part.Length > depth + 2 && part[depth] == folder))
                .Sum(folder => folder.Length + 1);
    }
}
