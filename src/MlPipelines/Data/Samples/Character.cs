using MlPipelines.Imaging;

namespace MlPipelines;

enum HairStyle { Bob, Spikes, Straight, Curls, Twintails, Parting, Bun, Ponytail, Cropped }

enum EyeStyle { Round, Almond, Narrow }

enum Accessory { None, Bow, Glasses, Earrings, Freckles, Headband, Moustache, Beauty }

/// <param name="Style">Its style.</param>
/// <param name="Colour">Its colour.</param>
readonly record struct HairTraits(HairStyle Style, Colour Colour);

/// <param name="Style">Their shape.</param>
/// <param name="Iris">Their colour.</param>
readonly record struct EyeTraits(EyeStyle Style, Colour Iris);

/// <param name="Skin">Its colour.</param>
/// <param name="Jaw">Width of the jaw, 0 pointed to 1 square.</param>
/// <param name="Brow">Thickness of the eyebrows.</param>
readonly record struct FaceTraits(Colour Skin, double Jaw, double Brow);

/// <summary>What stays the same in all pictures of one character.</summary>
/// <param name="Name">Name of the class.</param>
/// <param name="Hair">The hair.</param>
/// <param name="Eyes">The eyes.</param>
/// <param name="Face">The face.</param>
/// <param name="Accessory">What the character mostly wears or has.</param>
/// <param name="AccessoryColour">Colour of it.</param>
sealed record Character(string Name, HairTraits Hair, EyeTraits Eyes, FaceTraits Face, Accessory Accessory, Colour AccessoryColour)
{
    static readonly Colour Black = new(45, 40, 52), Brown = new(116, 70, 42), Blond = new(238, 200, 102), Ginger = new(205, 98, 44),
        Plum = new(120, 78, 140), Teal = new(58, 128, 132);
    static readonly Colour Pale = new(252, 222, 196), Tan = new(232, 184, 142), Dark = new(160, 106, 72);
    static readonly Colour Hazel = new(104, 66, 38), Blue = new(64, 124, 196), Green = new(70, 142, 84);
    static readonly Colour Red = new(214, 60, 66), Gold = new(240, 190, 60), Steel = new(62, 66, 84), Violet = new(140, 96, 196);

    /// <summary>The seven who have a class of their own; each shares hair, eyes or accessory with another.</summary>
    internal static IReadOnlyList<Character> Named { get; } =
    [
        new("aiko", new(HairStyle.Bob, Black), new(EyeStyle.Round, Hazel), new(Pale, 0.3, 1.6), Accessory.Bow, Red),
        new("bruno", new(HairStyle.Spikes, Brown), new(EyeStyle.Narrow, Hazel), new(Tan, 0.9, 3.2), Accessory.None, Steel),
        new("cleo", new(HairStyle.Straight, Black), new(EyeStyle.Almond, Green), new(Dark, 0.2, 1.8), Accessory.Earrings, Gold),
        new("dario", new(HairStyle.Curls, Brown), new(EyeStyle.Round, Green), new(Tan, 0.6, 2.4), Accessory.Glasses, Steel),
        new("edda", new(HairStyle.Twintails, Blond), new(EyeStyle.Round, Blue), new(Pale, 0.3, 1.5), Accessory.Bow, Violet),
        new("finn", new(HairStyle.Parting, Blond), new(EyeStyle.Narrow, Blue), new(Pale, 0.7, 2.2), Accessory.Freckles, Ginger),
        new("greta", new(HairStyle.Bun, Brown), new(EyeStyle.Almond, Blue), new(Pale, 0.3, 1.5), Accessory.Glasses, Red),
    ];

    /// <summary>Someone else: traits drawn freely, never hair and colour of it as one of the seven has them together.</summary>
    internal static Character Stranger(ref Dice dice)
    {
        while (true)
        {
            var hair = new HairTraits((HairStyle)dice.Below(9), Any(ref dice, Black, Brown, Blond, Ginger, Plum, Teal));
            var eyes = new EyeTraits((EyeStyle)dice.Below(3), Any(ref dice, Hazel, Blue, Green));
            var skin = Any(ref dice, Pale, Tan, Dark);
            var (accessory, colour) = ((Accessory)dice.Below(8), Any(ref dice, Red, Gold, Steel, Violet));
            var stranger = new Character("others", hair, eyes, new(skin, dice.Unit(), dice.Uniform(1.4, 3.2)), accessory, colour);
            if (!Named.Any(known => known.Hair == stranger.Hair))
                return stranger;
        }
    }

    static Colour Any(ref Dice dice, params ReadOnlySpan<Colour> colours) => colours[dice.Below(colours.Length)];
}
