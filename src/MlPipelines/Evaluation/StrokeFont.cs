using System.Globalization;
using System.Text;

namespace MlPipelines.Evaluation;

/// <summary>Letters as lines on a grid 4 wide and 6 high, the base line at 6: pictures need no installed font.</summary>
static class StrokeFont
{
    const int Advance = 6, BaseLine = 6;
    const double UnitsPerSize = 8.5;

    /// <summary>Strokes of each character: points as pairs of digits x y, strokes apart by spaces.</summary>
    static readonly Dictionary<char, string> Glyphs = new()
    {
        [' '] = "",
        ['!'] = "2024 2626",
        ['"'] = "1012 3032",
        ['#'] = "1016 3036 0242 0444",
        ['$'] = "413010010213334445361605 2026",
        ['%'] = "0640 0101 4545",
        ['&'] = "461120310405162644",
        ['\''] = "2022",
        ['('] = "30212536",
        [')'] = "10212516",
        ['*'] = "0244 0442 2125",
        ['+'] = "2125 0343",
        [','] = "2617",
        ['-'] = "1333",
        ['.'] = "2626",
        ['/'] = "0640",
        ['0'] = "103041453616050110 1531",
        ['1'] = "112026 1636",
        ['2'] = "01103041420646",
        ['3'] = "01103041423313 334445361605",
        ['4'] = "36300444",
        ['5'] = "400003334445361605",
        ['6'] = "30100105163645443303",
        ['7'] = "004016",
        ['8'] = "130201103041423313 1304051636454433",
        ['9'] = "16364541301001021343",
        [':'] = "2323 2626",
        [';'] = "2323 2617",
        ['<'] = "410345",
        ['='] = "0242 0444",
        ['>'] = "014305",
        ['?'] = "01103041422324 2626",
        ['@'] = "3616050110304144342332",
        ['A'] = "062046 1333",
        ['B'] = "0030414233 00063645443303",
        ['C'] = "4130100105163645",
        ['D'] = "00204244260600",
        ['E'] = "40000646 0333",
        ['F'] = "400006 0333",
        ['G'] = "41301001051636454323",
        ['H'] = "0006 4046 0343",
        ['I'] = "1030 2026 1636",
        ['J'] = "4045361605",
        ['K'] = "0006 400346",
        ['L'] = "000646",
        ['M'] = "0600234046",
        ['N'] = "06004640",
        ['O'] = "103041453616050110",
        ['P'] = "06003041423303",
        ['Q'] = "103041453616050110 2446",
        ['R'] = "06003041423303 2346",
        ['S'] = "413010010213334445361605",
        ['T'] = "0040 2026",
        ['U'] = "000516364540",
        ['V'] = "002640",
        ['W'] = "0016233640",
        ['X'] = "0046 4006",
        ['Y'] = "002340 2326",
        ['Z'] = "00400646",
        ['['] = "30101636",
        ['\\'] = "0046",
        [']'] = "10303616",
        ['^'] = "022042",
        ['_'] = "0747",
        ['`'] = "1021",
        ['a'] = "12324346 441405163645",
        ['b'] = "0006 0312324345361605",
        ['c'] = "4332120305163645",
        ['d'] = "4046 4332120305163645",
        ['e'] = "04444332120305163645",
        ['f'] = "30201116 0232",
        ['g'] = "4247381807 4332120305163645",
        ['h'] = "0006 0312324346",
        ['i'] = "2226 2020",
        ['j'] = "22271807 2020",
        ['k'] = "0006 420446",
        ['l'] = "10202536",
        ['m'] = "0206 03122326 23324346",
        ['n'] = "0206 0312324346",
        ['o'] = "123243453616050312",
        ['p'] = "0208 0312324345361605",
        ['q'] = "4248 4332120305163645",
        ['r'] = "0206 03123243",
        ['s'] = "43321203143445361605",
        ['t'] = "10152636 0232",
        ['u'] = "0205163645 4246",
        ['v'] = "022642",
        ['w'] = "0216233642",
        ['x'] = "0246 4206",
        ['y'] = "0226 4218",
        ['z'] = "02420646",
        ['{'] = "30212213242536",
        ['|'] = "2028",
        ['}'] = "10212233242516",
        ['~'] = "03122332",
        ['…'] = "0606 2626 4646",
        ['×'] = "1335 1533",
    };

    internal static bool Covers(string text) => text.All(Glyphs.ContainsKey);

    internal static double Width(string text, double size) => text.Length == 0 ? 0 : (text.Length * Advance - 2) * size / UnitsPerSize;

    /// <summary>The text as an SVG path whose base line begins at (<paramref name="left"/>, 0).</summary>
    internal static string Path(string text, double left, double size)
    {
        var (path, scale) = (new StringBuilder(), size / UnitsPerSize);
        for (var position = 0; position < text.Length; position++)
            foreach (var stroke in Glyphs[text[position]].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                for (var at = 0; at < stroke.Length; at += 2)
                {
                    var x = left + (position * Advance + stroke[at] - '0') * scale;
                    var y = (stroke[at + 1] - '0' - BaseLine) * scale;
                    path.Append(CultureInfo.InvariantCulture, $"{(at == 0 ? 'M' : 'L')}{x:0.##} {y:0.##}");
                }
        return path.ToString();
    }
}
