using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Colours made of others.</summary>
static class Shades
{
    internal static Colour Ink => new(52, 38, 44);

    /// <summary>Darker below 1, brighter above.</summary>
    internal static Colour Times(this Colour colour, double factor) =>
        new(Clamped(colour.Red * factor), Clamped(colour.Green * factor), Clamped(colour.Blue * factor));

    /// <summary>The same colour, each channel moved a little.</summary>
    internal static Colour Near(this Colour colour, ref Dice dice, double spread) =>
        new(Clamped(colour.Red + dice.Uniform(-spread, spread)), Clamped(colour.Green + dice.Uniform(-spread, spread)),
            Clamped(colour.Blue + dice.Uniform(-spread, spread)));

    /// <summary>Any colour, neither black nor white nor glaring.</summary>
    internal static Colour Any(ref Dice dice)
    {
        var light = dice.Uniform(70, 215);
        return new(Clamped(light + dice.Uniform(-70, 40)), Clamped(light + dice.Uniform(-70, 40)), Clamped(light + dice.Uniform(-70, 40)));
    }

    static byte Clamped(double value) => (byte)Math.Clamp(Math.Round(value), 0, 255);
}
