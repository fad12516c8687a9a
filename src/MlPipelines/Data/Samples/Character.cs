using MlPipelines.Imaging;

namespace MlPipelines;

enum HairStyle { Bob, Spikes, Straight, Curls, Twintails, Parting, Bun, Ponytail, Cropped }

enum EyeStyle { Round, Almond, Narrow }

enum Accessory { None, Bow, Glasses, Earrings, Freckles, Headband, Moustache, Beauty }

/// <summary>What stays the same in all pictures of one character.</summary>
/// <param name="Name">Name of the class.</param>
/// <param name="Hair">Style of the hair.</param>
/// <param name="HairColour">Colour of the hair.</param>
/// <param name="Eyes">Shape of the eyes.</param>
/// <param name="Iris">Colour of the eyes.</param>
/// <param name="Skin">Colour of the skin.</param>
/// <param name="Accessory">What the character mostly wears or has.</param>
/// <param name="AccessoryColour">Colour of it.</param>
/// <param name="Jaw">Width of the jaw, 0 pointed to 1 square.</param>
/// <param name="Brow">Thickness of the eyebrows.</param>
sealed record Character(
    string Name, HairStyle Hair, Colour HairColour, EyeStyle Eyes, Colour Iris, Colour Skin, Accessory Accessory, Colour AccessoryColour,
    double Jaw, double Brow)
{
    static readonly Colour Black = new(45, 40, 52), Brown = new(116, 70, 42), Blond = new(238, 200, 102), Ginger = new(205, 98, 44),
        Plum = new(120, 78, 140), Teal = new(58, 128, 132);
    static readonly Colour Pale = new(252, 222, 196), Tan = new(232, 184, 142), Dark = new(160, 106, 72);
    static readonly Colour Hazel = new(104, 66, 38), Blue = new(64, 124, 196), Green = new(70, 142, 84);
    static readonly Colour Red = new(214, 60, 66), Gold = new(240, 190, 60), Steel = new(62, 66, 84), Violet = new(140, 96, 196);

    /// <summary>The seven who have a class of their own; each shares hair, eyes or accessory with another.</summary>
    internal static IReadOnlyList<Character> Named { get; } =
    [
        new("aiko", HairStyle.Bob, Black, EyeStyle.Round, Hazel, Pale, Accessory.Bow, Red, 0.3, 1.6),
        new("bruno", HairStyle.Spikes, Brown, EyeStyle.Narrow, Hazel, Tan, Accessory.None, Steel, 0.9, 3.2),
        new("cleo", HairStyle.Straight, Black, EyeStyle.Almond, Green, Dark, Accessory.Earrings, Gold, 0.2, 1.8),
        new("dario", HairStyle.Curls, Brown, EyeStyle.Round, Green, Tan, Accessory.Glasses, Steel, 0.6, 2.4),
        new("edda", HairStyle.Twintails, Blond, EyeStyle.Round, Blue, Pale, Accessory.Bow, Violet, 0.3, 1.5),
        new("finn", HairStyle.Parting, Blond, EyeStyle.Narrow, Blue, Pale, Accessory.Freckles, Ginger, 0.7, 2.2),
        new("greta", HairStyle.Bun, Brown, EyeStyle.Almond, Blue, Pale, Accessory.Glasses, Red, 0.3, 1.5),
    ];

    /// <summary>Someone else: traits drawn freely, never hair and colour of it as one of the seven has them together.</summary>
    internal static Character Stranger(ref Dice dice)
    {
        while (true)
        {
            var stranger = new Character(
                "others",
                (HairStyle)dice.Below(9), Any(ref dice, Black, Brown, Blond, Ginger, Plum, Teal), (EyeStyle)dice.Below(3),
                Any(ref dice, Hazel, Blue, Green),
                Any(ref dice, Pale, Tan, Dark), (Accessory)dice.Below(8), Any(ref dice, Red, Gold, Steel, Violet), dice.Unit(),
                dice.Uniform(1.4, 3.2));
            if (!Named.Any(known => known.Hair == stranger.Hair && known.HairColour == stranger.HairColour))
                return stranger;
        }
    }

    static Colour Any(ref Dice dice, params ReadOnlySpan<Colour> colours) => colours[dice.Below(colours.Length)];
}
