using System.Globalization;
using System.Text;

namespace MlPipelines;

/// <summary>File names from text that is data: no part of it leaves its folder or means something to a file system.</summary>
static class SafeFileName
{
    static readonly HashSet<string> Reserved = new(
        ["CON", "PRN", "AUX", "NUL", "CLOCK$", "CONIN$", "CONOUT$",
            .. Enumerable.Range(0, 10).SelectMany(n => new[] { $"COM{n}", $"LPT{n}" }), "COM¹", "COM²", "COM³", "LPT¹", "LPT²", "LPT³"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>The text as one file name: separators, control characters and what Windows forbids become _, reserved names get a _ before
    /// them, and it ends after <paramref name="maxBytes"/> bytes of UTF-8, its extension kept.</summary>
    public static string Of(string text, int maxBytes = 200)
    {
        ArgumentNullException.ThrowIfNull(text);
        var name = Characters(text).TrimEnd(' ', '.');
        if (name.Length == 0 || name[0] is '.' or ' ')
            name = $"_{name.TrimStart(' ', '.')}";
        if (Reserved.Contains(name.Split('.')[0].TrimEnd(' ')))
            name = $"_{name}";
        var extension = Cut(Path.GetExtension(name), Math.Min(16, maxBytes / 2));
        var stem = Cut(Path.GetFileNameWithoutExtension(name), maxBytes - Encoding.UTF8.GetByteCount(extension));
        return $"{stem}{extension}".TrimEnd(' ', '.');
    }

    /// <summary>The name with a number before its extension: photo_2.jpg.</summary>
    internal static string Numbered(string name, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(name)}_{number}{Path.GetExtension(name)}");

    static string Characters(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var rune in DisplayText.Visible(text).EnumerateRunes())
            safe.Append(rune.Value is '<' or '>' or ':' or '"' or '/' or '\\' or '|' or '?' or '*' or 0xFFFD
                || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format ? "_" : rune.ToString());
        return safe.ToString();
    }

    static string Cut(string text, int bytes)
    {
        var (kept, used) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            used += rune.Utf8SequenceLength;
            if (used > bytes)
                break;
            kept += rune.Utf16SequenceLength;
        }
        return text[..kept];
    }
}
