using MlPipelines.Tests.Imaging;

namespace MlPipelines.Tests.Data.Hygiene;

/// <summary>Surveys made up number by number.</summary>
static class Surveys
{
    /// <summary>An image without blemish, unlike any other.</summary>
    internal static ImageFacts Image(int number, string label = "cat", string part = "train") => new()
    {
        Path = $"{part}/{label}/{number}.jpg",
        Part = part,
        Label = label,
        Format = "JPEG",
        Bytes = 20_000 + Dice.For(number, 1).Below(1000),
        Width = 200,
        Height = 150,
        Digest = $"{part} {label} {number}",
        Fingerprint = Fingerprint.Of(Pictures.Noise(16, 16, number)),
        Tones = new()
        {
            Mean = 100 + Dice.For(number, 2).Unit(),
            Low = 20,
            High = 230,
            Deviation = 50 + Dice.For(number, 3).Unit(),
            Entropy = 7,
            Saturation = 40 + Dice.For(number, 4).Unit(),
            Border = 120 + Dice.For(number, 5).Unit(),
        },
        JpegQuality = 85 + Dice.For(number, 6).Below(10),
        Blurriness = 0.3,
    };

    /// <summary>Images without blemish, half of them cats and half dogs.</summary>
    internal static ImageFacts[] Clean(int count = 100, string part = "train") =>
        [.. Enumerable.Range(1, count)
            .Select(number => Image(number + (part == "train" ? 0 : 10_000), number % 2 == 0 ? "cat" : "dog", part))];

    internal static DataSurvey Of(params IEnumerable<ImageFacts> images)
    {
        ImageFacts[] all = [.. images];
        return new([.. all.Select(image => image.Part).Distinct()], [.. all], [], []);
    }

    internal static DataSurvey With(this DataSurvey survey, int at, Func<ImageFacts, ImageFacts> change) =>
        survey with { Images = survey.Images.SetItem(at, change(survey.Images[at])) };
}
