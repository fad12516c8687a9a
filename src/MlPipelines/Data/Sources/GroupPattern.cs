using System.Text.RegularExpressions;

namespace MlPipelines;

/// <summary>What of an image's name says what it was taken of.</summary>
sealed class GroupPattern
{
    const string Named = "group";
    static readonly TimeSpan patience = TimeSpan.FromSeconds(1);

    readonly Regex regex;
    readonly string? root;
    readonly string group;

    /// <exception cref="ArgumentException">It is no regular expression.</exception>
    public GroupPattern(string pattern, LabelledImages images)
    {
        try
        {
            regex = new(NormalForm.Of(Check.Named(pattern)), RegexOptions.CultureInvariant, patience);
        }
        catch (RegexParseException failure)
        {
            throw new ArgumentException($"pattern: got '{pattern}', needs a regular expression ({failure.Message.TrimEnd('.')}).",
                nameof(pattern), failure);
        }
        group = regex.GetGroupNames() is var names && names.Contains(Named) ? Named : names.Length > 1 ? names[1] : "0";
        if (pattern.Contains('/'))
            root = Directory.Exists(images.Path) || ArchiveKinds.IsArchive(images.Path) ? images.Path
                : Path.GetDirectoryName(images.Path) ?? "";
    }

    /// <summary>The group of an image; null where its name does not fit.</summary>
    public string? Of(string path)
    {
        try
        {
            return regex.Match(Text(path)) is { Success: true } match && match.Groups[group].Value is { Length: > 0 } found
                ? NormalForm.Of(found) : null;
        }
        catch (RegexMatchTimeoutException failure)
        {
            throw new InvalidDataException($"{path}: '{regex}' takes more than {patience.TotalSeconds:0} s for its name. Make the pattern "
                + "simpler.", failure);
        }
    }

    string Text(string path) => NormalForm.Of((root is null ? path[(path.LastIndexOfAny(['/', '\\']) + 1)..]
        : path.StartsWith(root, StringComparison.Ordinal) ? path[root.Length..].TrimStart('/', '\\') : path).Replace('\\', '/'));
}
