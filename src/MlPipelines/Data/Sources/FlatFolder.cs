using System.Text.RegularExpressions;

namespace MlPipelines;

/// <summary>The images of one folder whose names hold their labels.</summary>
static class FlatFolder
{
    const string Group = "label";
    static readonly TimeSpan patience = TimeSpan.FromSeconds(1);

    public static LabelledImages List(string path, string pattern)
    {
        if (!Directory.Exists(path))
            throw new DirectoryNotFoundException(
                $"{path}: {(File.Exists(path) ? "is a file" : "not found")}, a folder of images is needed. Check the path.");
        var regex = Pattern(pattern);
        var (images, ignored) = (new List<LabelledImage>(), new List<IgnoredFile>());
        foreach (var file in FolderListing.Files(path))
        {
            if (Problem(regex, file, out var label) is { } problem)
                ignored.Add(new(file, problem));
            else
                images.Add(new(file, label));
        }
        ignored.AddRange(FolderListing.Folders(path).Select(folder => new IgnoredFile(folder, "is a folder")));
        return images.Count > 0 ? new(path, images, ignored)
            : throw new InvalidDataException($"{path}: no image has a name that fits '{pattern}'"
                + (ignored is [var first, ..] ? $" ({Path.GetFileName(first.Path)} {first.Reason})" : ", there is none")
                + ". Correct the pattern, or the path.");
    }

    static string? Problem(Regex regex, string file, out string label)
    {
        label = "";
        var name = Path.GetFileName(file);
        if (ImageFiles.Problem(file) is { } problem)
            return problem;
        try
        {
            label = regex.Match(name) is { Success: true } match ? match.Groups[Group].Value.Trim() : "";
            return label.Length > 0 ? null : $"has a name that gives no label by '{regex}'";
        }
        catch (RegexMatchTimeoutException)
        {
            return $"has a name that '{regex}' takes more than {patience.TotalSeconds:0} s for";
        }
    }

    static Regex Pattern(string pattern)
    {
        Regex regex;
        try
        {
            regex = new(Check.Named(pattern), RegexOptions.CultureInvariant, patience);
        }
        catch (RegexParseException failure)
        {
            throw new ArgumentException($"pattern: got '{pattern}', needs a regular expression ({failure.Message.TrimEnd('.')}).",
                nameof(pattern), failure);
        }
        return regex.GetGroupNames().Contains(Group) ? regex
            : throw new ArgumentException($"pattern: got '{pattern}', needs a group named label, such as ^(?<label>[^_]+)_.",
                nameof(pattern));
    }
}
