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
        var ignored = new List<IgnoredFile>();
        var images = Pictures(archive, ignored);
        var above = Wrapper(images.Select(image => image.Name));
        var labelled = images.ToLookup(image => image.Name.IndexOf('/', above) >= 0);
        ignored.AddRange(labelled[false].Select(image => new IgnoredFile($"{path}/{image.Name}", "lies beside the class folders")));
        var rows = labelled[true].OrderBy(image => image.Name, StringComparer.Ordinal).ToArray();
        if (rows.Length == 0)
            throw new InvalidDataException($"{path}: holds no image in a folder"
                + (ignored.Count > 0 ? $" ({ignored.Count} other entries, such as {ignored[0].Path}: {ignored[0].Reason})" : "")
                + ", one folder a class is needed. Is it the right file?");
        return new(path, [.. rows.Select(image => ($"{path}/{image.Name}", image.Name[above..image.Name.IndexOf('/', above)]))], ignored,
            row => Image.FromBytes(archive.Read(rows[row].Position), $"{path}/{rows[row].Name}"));
    }

    /// <summary>The files of an archive that are images, with their positions in it; hidden ones are none.</summary>
    /// <param name="archive">The archive.</param>
    /// <param name="ignored">Takes what is no image, or not to be read.</param>
    public static List<(string Name, int Position)> Pictures(Archive archive, List<IgnoredFile> ignored)
    {
        var (images, seen) = (new List<(string Name, int Position)>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var (position, entry) in archive.Entries.Index())
        {
            if (entry.Problem is { } problem)
                Ignore(entry, problem);
            else if (!entry.IsFile || IsHidden(entry.Name))
                continue;
            else if (!seen.Add(entry.Name))
                Ignore(entry, "comes twice, the first one is taken");
            else if (ImageFolder.Extensions.Contains(Path.GetExtension(entry.Name)))
                images.Add((entry.Name, position));
            else
                Ignore(entry, Path.GetExtension(entry.Name) is { Length: > 0 } extension ? $"'{extension}' is no image format read here"
                    : "has no extension");
        }
        return images;

        void Ignore(ArchiveEntry entry, string reason) => ignored.Add(new($"{archive.Path}/{entry.Name}", reason));
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
