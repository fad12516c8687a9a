using System.Globalization;
using System.Text;

namespace MlPipelines;

/// <summary>Text as a terminal shows it: widths in columns, control characters made visible, long names shortened.</summary>
/// <remarks>Source: Unicode Standard Annex 11, East Asian Width.</remarks>
public static class DisplayText
{
    static readonly (int First, int Last)[] Wide =
    [
        (0x1100, 0x115F), (0x2E80, 0x303E), (0x3041, 0xA4CF), (0xA960, 0xA97F), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE30, 0xFE6F),
        (0xFF01, 0xFF60), (0xFFE0, 0xFFE6), (0x1F300, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F900, 0x1FAFF), (0x20000, 0x3FFFD),
    ];

    /// <summary>Number of terminal columns.</summary>
    public static int Width(string text) => Elements(text).Sum(ElementWidth);

    /// <summary>The text on one line: control characters, direction marks and broken surrogates are replaced by �.</summary>
    public static string Visible(string text)
    {
        var visible = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            visible.Append(IsHidden(rune) ? "\uFFFD" : rune.ToString());
        return visible.ToString();
    }

    /// <summary>The text in at most <paramref name="width"/> columns, with … in the middle where something was left out: long names differ at the end as often as at the start.</summary>
    public static string Shorten(string text, int width)
    {
        if (Width(text) <= width)
            return text;
        var elements = Elements(text).ToArray();
        var head = Fit(elements, width / 2);
        var tail = Fit(elements.Reverse(), width - 1 - width / 2);
        return string.Concat(elements.Take(head)) + "…" + string.Concat(elements.TakeLast(tail));
    }

    /// <summary>The text with spaces after it.</summary>
    public static string PadRight(string text, int width) => text + Spaces(text, width);

    /// <summary>The text with spaces before it.</summary>
    public static string PadLeft(string text, int width) => Spaces(text, width) + text;

    static string Spaces(string text, int width) => new(' ', Math.Max(0, width - Width(text)));

    static int Fit(IEnumerable<string> elements, int width)
    {
        var (count, used) = (0, 0);
        foreach (var element in elements)
        {
            used += ElementWidth(element);
            if (used > width)
                break;
            count++;
        }
        return count;
    }

    static IEnumerable<string> Elements(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var length = StringInfo.GetNextTextElementLength(text, start);
            yield return text.Substring(start, length);
            start += length;
        }
    }

    static int ElementWidth(string element) => element.EnumerateRunes().Max(RuneWidth);

    static int RuneWidth(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => 0,
        _ => Array.Exists(Wide, range => rune.Value >= range.First && rune.Value <= range.Last) ? 2 : 1,
    };

    static bool IsHidden(Rune rune) => rune.Value is (>= 0x200E and <= 0x200F) or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate;
}
