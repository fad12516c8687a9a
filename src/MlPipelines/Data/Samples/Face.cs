using static System.FormattableString;

namespace MlPipelines;

/// <summary>The head and shoulders of a character, each time with another expression, turned another way.</summary>
static class Face
{
    internal static string Draw(Character who, ref Dice dice)
    {
        var (skin, hair) = (who.Face.Skin.Near(ref dice, 8), who.Hair.Colour.Near(ref dice, 14));
        var worn = dice.Chance(0.88) ? who.Accessory : Accessory.None;
        var (turn, nod, sway) = (dice.Uniform(-6, 6), dice.Uniform(-3, 3), dice.Uniform(-6, 6));
        var apart = 12.5 - Math.Abs(turn) * 0.2;
        var (back, front) = Hair.Draw(who.Hair.Style, hair, hair.Times(0.78), sway);
        var blink = dice.Below(10);
        var (gazeX, gazeY) = (dice.Uniform(-1.8, 1.8), dice.Uniform(-1.2, 1.2));
        var jaw = 12 + 8 * who.Face.Jaw;
        var shirt = Shades.Any(ref dice);
        var ink = Invariant($"stroke=\"{Shades.Ink}\" stroke-width=\"1.6\" stroke-linejoin=\"round\"");

        return back
            + "<path d=\"M-48,150 L-46,70 C-46,52 -30,46 -12,42 L12,42 C30,46 46,52 46,70 L48,150 Z\" "
                + Invariant($"fill=\"{shirt}\" {ink}/><path d=\"M-9,28 L-9,42 Q0,51 9,42 L9,28 Z\" fill=\"{skin.Times(0.86)}\" {ink}/>")
            + Invariant($"<ellipse cx=\"-28\" cy=\"7\" rx=\"5\" ry=\"7\" fill=\"{skin}\" {ink}/><ellipse cx=\"28\" cy=\"7\" rx=\"5\" ")
                + Invariant($"ry=\"7\" fill=\"{skin}\" {ink}/>")
            + Invariant($"<path d=\"M-28,-4 C-28,-40 28,-40 28,-4 C28,14 {jaw + 4},35 0,36 C{-jaw - 4},35 -28,14 -28,-4 Z\" ")
                + Invariant($"fill=\"{skin}\" {ink}/>")
            + Invariant($"<g transform=\"translate({turn} {nod})\"><ellipse cx=\"-17\" cy=\"17\" rx=\"5.5\" ry=\"3.4\" fill=\"#e8646a\" ")
                + "fill-opacity=\"0.3\"/><ellipse cx=\"17\" cy=\"17\" rx=\"5.5\" ry=\"3.4\" fill=\"#e8646a\" fill-opacity=\"0.3\"/>"
            + Features.Eye(who.Eyes.Style, who.Eyes.Iris, -apart, blink == 0 || blink == 1, gazeX, gazeY)
            + Features.Eye(who.Eyes.Style, who.Eyes.Iris, apart, blink == 0, gazeX, gazeY)
            + Features.Brows(hair.Times(0.6), apart, who.Face.Brow, dice.Uniform(-1, 3), dice.Uniform(-2, 2))
            + Invariant($"<path d=\"M0,8 Q{2 + turn * 0.4},13 -1,14\" fill=\"none\" stroke=\"{skin.Times(0.62)}\" stroke-width=\"1.5\" ")
                + "stroke-linecap=\"round\"/>"
            + Features.Mouth(dice.Below(5), dice.Uniform(6, 10))
            + Features.OnFace(worn, who.AccessoryColour, skin, apart)
            + Invariant($"</g><g transform=\"translate({turn * 0.35} 0)\">{front}</g>")
            + Features.OnHead(worn, who.AccessoryColour, dice.Chance(0.5) ? 1 : -1);
    }
}
