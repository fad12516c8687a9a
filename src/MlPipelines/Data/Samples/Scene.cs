using System.Text;
using static System.FormattableString;

namespace MlPipelines;

/// <summary>A whole picture: background, the character in some pose, something in front, light and blur.</summary>
static class Scene
{
    internal const int Size = 128;

    internal static string Draw(Character who, Dice dice)
    {
        var svg = new StringBuilder(
            Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Size}\" height=\"{Size}\" viewBox=\"-64 -64 128 128\"><defs>"));
        var blur = dice.Chance(0.22) ? dice.Uniform(0.5, 1.8) : 0;
        var (angle, light) = (dice.Uniform(0, 360), dice.Uniform(0.08, 0.45));
        var tint = dice.Chance(0.35) ? Shades.Any(ref dice).ToString() : "#000";
        svg.Append(Invariant($"<linearGradient id=\"light\" gradientTransform=\"rotate({angle} 0.5 0.5)\"><stop offset=\"0\" ")
            + Invariant($"stop-color=\"#fff\" stop-opacity=\"{light * 0.7}\"/><stop offset=\"0.5\" stop-color=\"{tint}\" ")
            + Invariant($"stop-opacity=\"0.04\"/><stop offset=\"1\" stop-color=\"{tint}\" stop-opacity=\"{light}\"/></linearGradient>"));
        if (blur > 0)
            svg.Append("<filter id=\"blur\" filterUnits=\"userSpaceOnUse\" x=\"-80\" y=\"-80\" width=\"160\" "
                + Invariant($"height=\"160\"><feGaussianBlur stdDeviation=\"{blur}\"/></filter>"));
        if (dice.Chance(0.06))
            svg.Append("<filter id=\"grey\"><feColorMatrix type=\"saturate\" values=\"0\"/></filter></defs><g filter=\"url(#grey)\">");
        else
            svg.Append("</defs><g>");
        svg.Append(blur > 0 ? "<g filter=\"url(#blur)\">" : "<g>");
        Background(svg, ref dice);
        var scale = dice.Uniform(0.76, 1.14);
        svg.Append(Invariant($"<g transform=\"translate({dice.Uniform(-12, 12)} {dice.Uniform(-7, 11)}) rotate({dice.Uniform(-20, 20)}) ")
            + Invariant($"scale({scale * (dice.Chance(0.5) ? 1 : -1)} {scale})\">"));
        svg.Append(Face.Draw(who, ref dice)).Append("</g>");
        if (dice.Chance(0.32))
            InFront(svg, ref dice);
        return svg.Append("</g><rect x=\"-64\" y=\"-64\" width=\"128\" height=\"128\" fill=\"url(#light)\"/></g></svg>").ToString();
    }

    static void Background(StringBuilder svg, ref Dice dice)
    {
        svg.Append(Invariant($"<rect x=\"-80\" y=\"-80\" width=\"160\" height=\"160\" fill=\"{Shades.Any(ref dice)}\"/>"));
        for (var count = 2 + dice.Below(6); count > 0; count--)
            Shape(svg, ref dice, dice.Uniform(-64, 64), dice.Uniform(-64, 64), dice.Uniform(8, 34), 0.75);
    }

    static void InFront(StringBuilder svg, ref Dice dice)
    {
        var (angle, distance) = (dice.Uniform(0, 2 * Math.PI), dice.Uniform(14, 46));
        Shape(svg, ref dice, distance * Math.Cos(angle), distance * Math.Sin(angle), dice.Uniform(9, 20), 1);
    }

    static void Shape(StringBuilder svg, ref Dice dice, double x, double y, double size, double opacity)
    {
        var paint = Invariant(
            $"fill=\"{Shades.Any(ref dice)}\" fill-opacity=\"{opacity}\" transform=\"translate({x} {y}) rotate({dice.Uniform(0, 360)})\"");
        svg.Append(dice.Below(4) switch
        {
            0 => Invariant($"<circle r=\"{size}\" {paint}/>"),
            1 => Invariant($"<rect x=\"{-size}\" y=\"{-size * 0.6}\" width=\"{2 * size}\" height=\"{1.2 * size}\" rx=\"3\" {paint}/>"),
            2 => Invariant($"<path d=\"M0,{-size} L{size},{size * 0.8} L{-size},{size * 0.8} Z\" {paint}/>"),
            _ => Invariant($"<path d=\"M{-3 * size},-3 Q0,{-size} {3 * size},-3 L{3 * size},4 Q0,{-size + 9} {-3 * size},4 Z\" {paint}/>"),
        });
    }
}
