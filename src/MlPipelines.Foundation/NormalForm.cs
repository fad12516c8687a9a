using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace MlPipelines;

/// <summary>Text in Unicode's normal form C: names that look alike because they mean the same letters are then equal.</summary>
/// <remarks>
/// Source: Unicode Standard Annex 15. The table is NormalForm.txt, which tests/golden/normal_form.py writes: a code point, '=' or '!' where
/// composition never gives it, its decomposition; or a range of code points and their combining class.
/// </remarks>
static class NormalForm
{
    // .NET's own Normalize gives back what it got where a program runs without ICU, as this one does.
    static readonly Lazy<Table> Loaded = new(Table.Read);

    /// <summary>The text in normal form. Halves of surrogate pairs that stand alone stay as they are.</summary>
    public static string Of(string text) => IsPlain(text) ? text : Loaded.Value.Composed(text);

    /// <summary>The text with every letter that is not ASCII as \uXXXX, so that forms that look alike can be told apart.</summary>
    public static string Escaped(string text) => string.Concat(text.EnumerateRunes()
        .Select(rune => rune.IsAscii ? rune.ToString() : string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}")));

    // Nothing below U+0300 is changed by composition, or composes with what stands before it.
    static bool IsPlain(string text) => !text.AsSpan().ContainsAnyExceptInRange('\0', '\u02FF');

    sealed class Table
    {
        const int FirstSyllable = 0xAC00, FirstLead = 0x1100, FirstVowel = 0x1161, BeforeTail = 0x11A7;
        const int Leads = 19, Vowels = 21, Tails = 28;

        readonly FrozenDictionary<int, int[]> decompositions;
        readonly FrozenDictionary<(int, int), int> compositions;
        readonly FrozenDictionary<int, int> classes;

        Table(Dictionary<int, int[]> decompositions, Dictionary<(int, int), int> compositions, Dictionary<int, int> classes) =>
            (this.decompositions, this.compositions, this.classes) =
            (decompositions.ToFrozenDictionary(), compositions.ToFrozenDictionary(), classes.ToFrozenDictionary());

        public static Table Read()
        {
            var (decompositions, compositions, classes) =
                (new Dictionary<int, int[]>(), new Dictionary<(int, int), int>(), new Dictionary<int, int>());
            using var text = new StreamReader(typeof(NormalForm).Assembly.GetManifestResourceStream("NormalForm.txt")!);
            // Its first line is the version of Unicode.
            text.ReadLine();
            while (text.ReadLine() is { } line)
            {
                if (line.Split('-', ':') is [var first, var last, var kind])
                {
                    for (var code = Hex(first); code <= Hex(last); code++)
                        classes[code] = int.Parse(kind, CultureInfo.InvariantCulture);
                    continue;
                }
                var sign = line.AsSpan().IndexOfAny('=', '!');
                var (letter, parts) = (Hex(line[..sign]), line[(sign + 1)..].Split(' ').Select(Hex).ToArray());
                decompositions[letter] = parts;
                if (line[sign] == '=')
                    compositions[(parts[0], parts[1])] = letter;
            }
            return new(decompositions, compositions, classes);
        }

        static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

        public string Composed(string text)
        {
            var codes = new List<int>(text.Length);
            for (var at = 0; at < text.Length; at++)
            {
                var isPair = char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);
                Decompose(isPair ? char.ConvertToUtf32(text[at], text[++at]) : text[at], codes);
            }
            Reorder(codes);
            Compose(codes);
            var composed = new StringBuilder(text.Length);
            foreach (var code in codes)
                composed.Append(code <= char.MaxValue ? ((char)code).ToString() : char.ConvertFromUtf32(code));
            return composed.ToString();
        }

        void Decompose(int code, List<int> into)
        {
            if (code - FirstSyllable is >= 0 and < Leads * Vowels * Tails and var syllable)
            {
                into.Add(FirstLead + syllable / (Vowels * Tails));
                into.Add(FirstVowel + syllable % (Vowels * Tails) / Tails);
                if (syllable % Tails > 0)
                    into.Add(BeforeTail + syllable % Tails);
            }
            else if (decompositions.TryGetValue(code, out var parts))
                foreach (var part in parts)
                    Decompose(part, into);
            else
                into.Add(code);
        }

        int ClassOf(int code) => classes.GetValueOrDefault(code);

        // Marks in a row are sorted by their classes; those of one class keep their order.
        void Reorder(List<int> codes)
        {
            for (var i = 1; i < codes.Count; i++)
                for (var j = i; j > 0 && ClassOf(codes[j]) is > 0 and var kind && ClassOf(codes[j - 1]) > kind; j--)
                    (codes[j - 1], codes[j]) = (codes[j], codes[j - 1]);
        }

        void Compose(List<int> codes)
        {
            var (starter, kept, before) = (-1, 0, 0);
            foreach (var code in codes.ToArray())
            {
                var kind = ClassOf(code);
                // A mark is blocked from the letter by one of the same or a higher class that stayed between them.
                var isNext = starter >= 0 && (kept == starter + 1 || before > 0 && before < kind);
                if (isNext && Pair(codes[starter], code) is { } pair)
                {
                    codes[starter] = pair;
                    continue;
                }
                if (kind == 0)
                    starter = kept;
                before = kind;
                codes[kept++] = code;
            }
            codes.RemoveRange(kept, codes.Count - kept);
        }

        int? Pair(int first, int second)
        {
            if (first - FirstLead is >= 0 and < Leads and var lead && second - FirstVowel is >= 0 and < Vowels and var vowel)
                return FirstSyllable + (lead * Vowels + vowel) * Tails;
            if (first - FirstSyllable is >= 0 and < Leads * Vowels * Tails and var syllable && syllable % Tails == 0
                && second - BeforeTail is > 0 and < Tails and var tail)
                return first + tail;
            return compositions.TryGetValue((first, second), out var composed) ? composed : null;
        }
    }
}
