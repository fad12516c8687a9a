using System.Text;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>The images of an archive with one folder a class, listed as <see cref="ImageFolder"/> lists a folder; of one with folders
/// train and test that have such folders, those of its parts.</summary>
static class ArchiveImages
{
    public static LabelledImages List(string path, ArchiveLimits? limits, Encoding? nameEncoding)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path}: {(Directory.Exists(path) ? "is a folder" : "not found")}, a zip, tar or tar.gz with "
                + "one folder a class is needed. Check the path.");
        var archive = Archive.Open(path, limits, nameEncoding);
        var (images, ignored, hidden) = Pictures(archive);
        var above = Wrapper(images.Select(image => image.Name));
        var labelled = images.ToLookup(image => image.Name.IndexOf('/', above) >= 0);
        ignored.AddRange(archive.Problems.Select(problem => new IgnoredFile(path, problem)));
        ignored.AddRange(labelled[false].Select(image => new IgnoredFile($"{path}/{image.Name}", "lies beside the class folders")));
        var rows = labelled[true].OrderBy(image => image.Name, StringComparer.Ordinal).ToArray();
        if (Parts(rows, above) is { Length: > 1 } parts)
        {
            var beside = rows.ToLookup(image => parts.Contains(Folder(image.Name, above)));
            ignored.AddRange(beside[false]
                .Select(image => new IgnoredFile($"{path}/{image.Name}", "lies beside the parts, and is in none")));
            rows = [.. beside[true]];
        }
        if (rows.Length == 0)
            throw new InvalidDataException($"{path}: holds no image in a folder"
                + (ignored.Count > 0 ? $" ({ignored.Count} other entries, such as {ignored[0].Path}: {ignored[0].Reason})" : "")
                + ", one folder a class is needed. Is it the right file?");
        return new(path, Labelled(path, [.. rows.Select(image => image.Name)], above), ignored,
            row => Image.FromReader(() => archive.Read(rows[row].Position), $"{path}/{rows[row].Name}"))
        {
            Hidden = [.. hidden],
        };
    }

    /// <summary>The files of an archive that are images, with their positions in it; what is no image or not to be read; and what is
    /// hidden.</summary>
    public static (List<(string Name, int Position)> Images, List<IgnoredFile> Ignored, List<string> Hidden) Pictures(Archive archive)
    {
        var (images, ignored, hidden, seen) = (new List<(string Name, int Position)>(), new List<IgnoredFile>(), new List<string>(),
            new HashSet<string>(StringComparer.Ordinal));
        foreach (var (position, entry) in archive.Entries.Index())
        {
            if (entry.Problem is { } problem)
                ignored.Add(new($"{archive.Path}/{entry.Name}", problem) { IsRefused = true });
            else if (!entry.IsFile)
                continue;
            else if (IsHidden(entry.Name))
                hidden.Add($"{archive.Path}/{entry.Name}");
            else if (!seen.Add(entry.Name))
                Ignore(entry, "comes twice, the first one is taken");
            else if (Problem(archive, position, entry) is { } reason)
                Ignore(entry, reason);
            else
                images.Add((entry.Name, position));
        }
        return (images, ignored, hidden);

        void Ignore(ArchiveEntry entry, string reason) => ignored.Add(new($"{archive.Path}/{entry.Name}", reason));
    }

    static string? Problem(Archive archive, int position, ArchiveEntry entry)
    {
        if (ImageFiles.IsNamed(entry.Name))
            return null;
        try
        {
            return ImageFiles.Problem(entry.Name, archive.Head(position, ImageFiles.HeadBytes));
        }
        catch (InvalidDataException damage)
        {
            return damage.Message;
        }
    }

    // Folders that are named as parts and have folders of their own, where the one to learn from is among them.
    static string[] Parts((string Name, int Position)[] images, int above)
    {
        string[] named = [.. images.Where(image => image.Name.IndexOf('/', above + Folder(image.Name, above).Length + 1) >= 0)
            .Select(image => Folder(image.Name, above)).Distinct(StringComparer.Ordinal).Where(name => DivisionNames.Of(name) is not null)];
        return named.Any(name => DivisionNames.Of(name) == DivisionNames.Train) ? named : [];
    }

    // A class is the folder behind those that all images share, and behind the part where those folders are parts with folders of
    // their own.
    static LabelledImage[] Labelled(string path, string[] names, int above)
    {
        var parts = DivisionNames.Of(path, [.. names.Select(name => Folder(name, above)).Distinct(StringComparer.Ordinal)]);
        var isDivided = parts.Count > 0 && names.All(name => name.IndexOf('/', above + Folder(name, above).Length + 1) >= 0);
        return [.. names.Select(name => Folder(name, above) is var folder && !isDivided ? new LabelledImage($"{path}/{name}", folder)
            : new($"{path}/{name}", Folder(name, above + folder.Length + 1), new(parts[folder], $"{path}/{name[..above]}{folder}")))];
    }

    static string Folder(string name, int from) => name[from..name.IndexOf('/', from)];

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
