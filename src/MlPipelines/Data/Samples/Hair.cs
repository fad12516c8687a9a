using MlPipelines.Imaging;
using static System.FormattableString;

namespace MlPipelines;

/// <summary>Hair as SVG: what lies behind the head and what lies over it. The head is about 54 wide and 68 high around (0, 2).</summary>
static class Hair
{
    internal static (string Back, string Front) Draw(HairStyle style, Colour colour, Colour shade, double sway)
    {
        var fill = Invariant($"fill=\"{colour}\" stroke=\"{Shades.Ink}\" stroke-width=\"1.6\" stroke-linejoin=\"round\"");
        var deep = Invariant($"fill=\"{shade}\" stroke=\"{Shades.Ink}\" stroke-width=\"1.6\" stroke-linejoin=\"round\"");
        var shine = "<path d=\"M-17,-21 Q-6,-29 8,-27\" fill=\"none\" stroke=\"#fff\" stroke-opacity=\"0.35\" "
            + "stroke-width=\"3\" stroke-linecap=\"round\"/>";
        var cap =
            $"<path d=\"M-29,2 C-34,-44 34,-44 29,2 C26,-8 24,-14 20,-17 C8,-12 -8,-12 -20,-17 C-24,-14 -27,-8 -29,2 Z\" {fill}/>{shine}";
        return style switch
        {
            HairStyle.Bob => (
                $"<path d=\"M-31,-6 C-36,-46 36,-46 31,-6 L33,26 C28,32 22,32 19,28 L-19,28 C-22,32 -28,32 -33,26 Z\" {deep}/>",
                $"<path d=\"M-30,14 C-36,-44 36,-44 30,14 C27,14 25,8 24,-7 L-24,-7 C-25,8 -27,14 -30,14 Z\" {fill}/><path d=\"M-12,-7 "
                    + $"L-11,-16 M0,-7 L0,-17 M12,-7 L11,-16\" stroke=\"{Shades.Ink}\" stroke-width=\"1.2\"/>{shine}"),
            HairStyle.Spikes => (
                "<path d=\"M-30,6 L-38,-8 L-31,-12 L-38,-28 L-25,-27 L-22,-44 L-8,-34 L4,-48 L13,-34 L28,-42 L28,-26 L40,-24 L32,-11 "
                    + $"L38,-4 L30,6 Z\" {deep}/>",
                "<path d=\"M-28,0 L-31,-16 L-24,-30 L-8,-36 L10,-36 L25,-29 L31,-14 L28,0 L22,-13 L15,-5 L9,-16 L1,-4 L-6,-16 L-14,-5 "
                    + $"L-20,-14 Z\" {fill}/>"),
            HairStyle.Straight => (
                Invariant($"<path d=\"M-30,-4 C-36,-46 36,-46 30,-4 C33,20 {34 + sway},44 {31 + sway},66 L{-31 + sway},66 ")
                    + Invariant($"C{-34 + sway},44 -33,20 -30,-4 Z\" {deep}/>"),
                "<path d=\"M0,-33 C28,-36 34,-12 29,22 C25,4 22,-10 2,-22 C-20,-12 -25,4 -29,22 C-34,-12 -28,-36 0,-33 "
                    + $"Z\" {fill}/>{shine}"),
            HairStyle.Curls => (
                Circles(deep, (-29, 4, 9), (29, 4, 9), (-31, -12, 11), (31, -12, 11), (-21, -29, 12), (21, -29, 12), (0, -36, 13)),
                Circles(fill, (-24, -14, 8), (24, -14, 8), (-14, -21, 9), (14, -21, 9), (0, -23, 10))
                + Circles(fill, (-8, -31, 8), (9, -31, 8))),
            HairStyle.Twintails => (
                Invariant($"<path d=\"M-26,-20 C-58,-30 -60,{20 + sway} {-46 + sway},50 C-40,40 -34,10 -26,-6 Z\" {deep}/><path ")
                    + Invariant($"d=\"M26,-20 C58,-30 60,{20 - sway} {46 + sway},50 C40,40 34,10 26,-6 Z\" {deep}/>"),
                "<path d=\"M-29,6 C-34,-44 34,-44 29,6 C26,-4 22,-12 12,-18 C8,-8 -4,-6 -12,-5 C-6,-10 -4,-14 -4,-18 C-18,-14 -26,-6 "
                    + $"-29,6 Z\" {fill}/>{shine}"),
            HairStyle.Parting => (
                "",
                "<path d=\"M-28,2 C-33,-28 -20,-42 2,-40 C28,-42 34,-22 28,2 C27,-8 24,-13 20,-16 C6,-12 -8,-16 -14,-24 C-18,-16 -26,-10 "
                    + $"-28,2 Z\" {fill}/><path d=\"M-14,-24 C-8,-32 0,-36 10,-36\" fill=\"none\" stroke=\"{Shades.Ink}\" "
                    + "stroke-width=\"1.2\"/>"),
            HairStyle.Bun => (
                $"<circle cx=\"0\" cy=\"-42\" r=\"13\" {deep}/><path d=\"M-8,-44 Q0,-52 8,-45\" fill=\"none\" stroke=\"{Shades.Ink}\" "
                    + "stroke-width=\"1.2\"/>",
                cap),
            HairStyle.Ponytail => (
                Invariant($"<path d=\"M14,-30 C44,-44 58,-10 {48 + sway},34 C40,30 36,4 22,-14 Z\" {deep}/>"),
                cap),
            _ => (
                "",
                "<path d=\"M-28,-4 C-31,-40 31,-40 28,-4 C26,-12 24,-17 18,-19 C8,-21 -8,-21 -18,-19 C-24,-17 -26,-12 -28,-4 "
                    + $"Z\" {fill}/>"),
        };
    }

    static string Circles(string paint, params ReadOnlySpan<(double X, double Y, double Radius)> circles)
    {
        var drawn = "";
        foreach (var (x, y, radius) in circles)
            drawn += Invariant($"<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" {paint}/>");
        return drawn;
    }
}
