using MlPipelines.Imaging;

namespace MlPipelines.Tests.Evaluation.EvaluationSets;

/// <summary>A member that is right as it is told, by the picture alone.</summary>
/// <param name="name">Its name.</param>
/// <param name="says">Of a picture, what it says.</param>
sealed class MadeUpMember(string name, Func<AskedPicture, MemberAnswer> says) : EvaluationMember(name)
{
    public int Asked { get; private set; }

    public string? Kept { get; init; }

    protected internal override string? Fingerprint => Kept;

    protected internal override IEnumerable<MemberAnswer> Answers(IReadOnlyList<AskedPicture> pictures, CancellationToken cancellation)
    {
        foreach (var picture in pictures)
        {
            Asked++;
            yield return says(picture);
        }
    }
}

/// <summary>Pictures of four classes, of which every other one is dark; each has pixels of its own.</summary>
static class DarkAndLight
{
    public const int Side = 8, Classes = 4;

    public static IDataView Pictures(int count) => MadeUp.Pictures([.. Enumerable.Range(0, count).Select(Of)],
        [.. Enumerable.Range(0, count).Select(number => $"class {number % Classes}")]);

    /// <summary>The number of a picture by its name.</summary>
    public static int Number(AskedPicture picture) =>
        int.Parse(picture.Name["row ".Length..], System.Globalization.CultureInfo.InvariantCulture);

    public static string Label(AskedPicture picture) => $"class {Number(picture) % Classes}";

    public static bool IsDark(AskedPicture picture) => Number(picture) / Classes % 2 == 0;

    /// <summary>Right but for some chance of error, which depends on member and picture alone.</summary>
    public static MadeUpMember Member(string type, int seed, Func<AskedPicture, double> errors, bool heldOut = false) =>
        new($"{type}-{seed}", picture =>
        {
            var dice = Dice.For(seed, type[0], Number(picture));
            return new(dice.Chance(errors(picture)) ? $"class {(Number(picture) + 1 + dice.Below(Classes - 1)) % Classes}"
                : Label(picture));
        })
        {
            Type = type,
            IsHeldOut = heldOut,
        };

    static Image Of(int number)
    {
        var (dice, pixels) = (Dice.For(5, number), new byte[Side * Side * 3]);
        dice.Bytes(pixels);
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(number / Classes % 2 == 0 ? pixels[i] / 4 : 160 + pixels[i] / 4);
        return Image.FromPixels(Side, Side, 3, pixels);
    }
}
