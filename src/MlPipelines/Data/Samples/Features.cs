using MlPipelines.Imaging;
using static System.FormattableString;

namespace MlPipelines;

/// <summary>Eyes, eyebrows, mouth and accessories as SVG, the middle of the face at (0, 0).</summary>
static class Features
{
    internal static string Eye(EyeStyle style, Colour iris, double x, bool closed, double gazeX, double gazeY)
    {
        if (closed)
            return Invariant($"<path d=\"M{x - 6},5 Q{x},10 {x + 6},5\" fill=\"none\" stroke=\"{Shades.Ink}\" stroke-width=\"2\" ")
                + "stroke-linecap=\"round\"/>";
        var side = Math.Sign(x);
        var (white, lid, radius, high) = style switch
        {
            EyeStyle.Round => (
                Invariant($"<ellipse cx=\"{x}\" cy=\"4\" rx=\"6.6\" ry=\"8\" fill=\"#fff\" stroke=\"{Shades.Ink}\" stroke-width=\"1\"/>"),
                Invariant($"M{x - 7},1 Q{x},-7 {x + 7},1"), 4.9, 6.0),
            EyeStyle.Almond => (
                Invariant($"<path d=\"M{x - side * 7},6 Q{x - side * 1},-3 {x + side * 8},0 Q{x + side * 2},10 {x - side * 7},6 Z\" ")
                    + Invariant($"fill=\"#fff\" stroke=\"{Shades.Ink}\" stroke-width=\"0.8\"/>"),
                Invariant($"M{x - side * 7},6 Q{x - side * 1},-4 {x + side * 9},-1"), 3.6, 4.0),
            _ => (
                Invariant(
                    $"<ellipse cx=\"{x}\" cy=\"4.5\" rx=\"5.4\" ry=\"3.6\" fill=\"#fff\" stroke=\"{Shades.Ink}\" stroke-width=\"0.8\"/>"),
                Invariant($"M{x - 6},3 Q{x},-0.5 {x + 6},3"), 2.9, 3.1),
        };
        var (cx, cy) = (x + gazeX, 4 + gazeY * (style == EyeStyle.Round ? 1 : 0.4));
        return white
            + Invariant($"<ellipse cx=\"{cx}\" cy=\"{cy}\" rx=\"{radius * 0.85}\" ry=\"{high}\" fill=\"{iris}\"/><ellipse cx=\"{cx}\" ")
                + Invariant($"cy=\"{cy + 0.4}\" rx=\"{radius * 0.45}\" ry=\"{high * 0.55}\" fill=\"#1d1620\"/>")
            + Invariant($"<circle cx=\"{cx - radius * 0.35}\" cy=\"{cy - high * 0.4}\" r=\"{radius * 0.32}\" fill=\"#fff\"/><path ")
                + Invariant($"d=\"{lid}\" fill=\"none\" stroke=\"{Shades.Ink}\" stroke-width=\"2.1\" stroke-linecap=\"round\"/>");
    }

    internal static string Brows(Colour colour, double apart, double thickness, double raise, double frown) =>

            Invariant($"<path d=\"M{-apart - 6},{-8 - raise - frown} Q{-apart},{-12 - raise} {-apart + 6},{-8 - raise + frown} ")
                + Invariant($"M{apart - 6},{-8 - raise + frown} Q{apart},{-12 - raise} {apart + 6},{-8 - raise - frown}\" fill=\"none\" ")
                + Invariant($"stroke=\"{colour}\" stroke-width=\"{thickness}\" stroke-linecap=\"round\"/>");

    internal static string Mouth(int kind, double width) => kind switch
    {
        0 => Line(Invariant($"M{-width},21 Q0,{25 + width * 0.4} {width},21")),
        1 => Invariant($"<path d=\"M{-width},20 Q0,22 {width},20 Q{width * 0.7},31 0,31 Q{-width * 0.7},31 {-width},20 Z\" ")
            + Invariant($"fill=\"#8c2f39\" stroke=\"{Shades.Ink}\" stroke-width=\"1.2\"/>")
            + Invariant($"<path d=\"M{-width * 0.5},29.4 Q0,25 {width * 0.5},29.4 ")
            + Invariant($"Q0,31.6 {-width * 0.5},29.4\" fill=\"#e98a8a\"/>"),
        2 => Line(Invariant($"M{-width * 0.7},23 L{width * 0.7},23")),
        3 => Line(Invariant($"M{-width * 0.8},25 Q0,20 {width * 0.8},25")),
        _ => Invariant($"<ellipse cx=\"0\" cy=\"24\" rx=\"{width * 0.35}\" ry=\"{width * 0.45}\" fill=\"#8c2f39\" stroke=\"{Shades.Ink}\" ")
            + "stroke-width=\"1.2\"/>",
    };

    internal static string OnFace(Accessory accessory, Colour colour, Colour skin, double apart) => accessory switch
    {
        Accessory.Glasses =>
            Invariant($"<g fill=\"#fff\" fill-opacity=\"0.16\" stroke=\"{colour}\" stroke-width=\"2.2\"><circle cx=\"{-apart}\" cy=\"4\" ")
                + Invariant($"r=\"10.4\"/><circle cx=\"{apart}\" cy=\"4\" r=\"10.4\"/><path d=\"M{10.4 - apart},3 Q0,0 {apart - 10.4},3\" ")
                + "fill=\"none\"/></g>",
        Accessory.Freckles =>
        Invariant($"<g fill=\"{skin.Times(0.72)}\"><circle cx=\"-17\" cy=\"15\" r=\"1.2\"/><circle cx=\"-13\" cy=\"17\" ")
            + "r=\"1.2\"/><circle cx=\"-10\" cy=\"14\" r=\"1.1\"/><circle cx=\"17\" cy=\"15\" r=\"1.2\"/><circle cx=\"13\" cy=\"17\" "
            + "r=\"1.2\"/><circle cx=\"10\" cy=\"14\" r=\"1.1\"/></g>",
        Accessory.Moustache =>
        Invariant(
            $"<path d=\"M0,17 C5,14 11,17 14,20 C8,22 3,21 0,19 C-3,21 -8,22 -14,20 C-11,17 -5,14 0,17 Z\" fill=\"{colour.Times(0.6)}\"/>"),
        Accessory.Beauty => Invariant($"<circle cx=\"11\" cy=\"19\" r=\"1.5\" fill=\"{Shades.Ink}\"/>"),
        _ => "",
    };

    internal static string OnHead(Accessory accessory, Colour colour, double side)
    {
        var edge = Invariant($"fill=\"{colour}\" stroke=\"{Shades.Ink}\" stroke-width=\"1.4\" stroke-linejoin=\"round\"");
        return accessory switch
        {
            Accessory.Bow =>
                Invariant($"<g transform=\"translate({side * 17} -30) rotate({side * 22})\"><path d=\"M0,0 L-13,-9 Q-16,0 -13,9 ")
                    + Invariant($"Z\" {edge}/><path d=\"M0,0 L13,-9 Q16,0 13,9 Z\" {edge}/><circle r=\"3.8\" {edge}/></g>"),
            Accessory.Earrings => $"<circle cx=\"-30\" cy=\"18\" r=\"4\" {edge}/><circle cx=\"30\" cy=\"18\" r=\"4\" {edge}/>",
            Accessory.Headband => $"<path d=\"M-30,-11 C-26,-26 26,-26 30,-11 L29,-5 C24,-19 -24,-19 -29,-5 Z\" {edge}/>",
            _ => "",
        };
    }

    static string Line(string path) =>
        Invariant($"<path d=\"{path}\" fill=\"none\" stroke=\"{Shades.Ink}\" stroke-width=\"2\" stroke-linecap=\"round\"/>");
}
