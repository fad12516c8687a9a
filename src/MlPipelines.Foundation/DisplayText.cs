using System.Globalization;
using System.Text;
using Wcwidth;

namespace MlPipelines;

/// <summary>Text as a terminal shows it: widths in columns, control characters made visible, long names shortened.</summary>
/// <remarks>A letter and the marks on it, or the parts of one emoji, take the columns of the widest.</remarks>
static class DisplayText
{
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

    /// <summary>The text in at most <paramref name="width"/> columns, with … in the middle where something was left out: long names differ
    /// at the end as often as at the start.</summary>
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

    // Control characters have no width: −1.
    static int RuneWidth(Rune rune) => Math.Max(0, UnicodeCalculator.GetWidth(rune));

    static bool IsHidden(Rune rune) => rune.Value is (>= 0x200E and <= 0x200F) or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate;
}
