using System.Text.Json;

namespace MlPipelines.Tests.Augmentations;

/// <summary>Random rectangles against 20 000 of torchvision's, by tests/golden/augmentations.py.</summary>
public sealed class RectangleStatisticsTests
{
    sealed record Golden(Averages[] Erasing, Averages[] Crops);

    sealed record Averages(int Width, int Height, double Share, double Area, double LogAspect, double Spread, double Left, double Top);

    static readonly Lazy<Golden> golden = new(() => JsonSerializer.Deserialize<Golden>(
        Repository.Read(Path.Combine("tests", "golden", "augmentations.json")), JsonSerializerOptions.Web)!);

    [Theory, InlineData(0), InlineData(1), InlineData(2)]
    public void Erasing_by_torchvisions_definition_has_its_statistics(int size) =>
        Agree(golden.Value.Erasing[size],
            new RandomErasing(1, 0.02f, 0.33f, 0.3f, false, ErasingDefinition.Torchvision) { MaxAspect = 3.3f }, change =>
            change is Erase erase ? (erase.Area.Left, erase.Area.Top, erase.Area.Width, erase.Area.Height) : null);

    [Theory, InlineData(0), InlineData(1), InlineData(2)]
    public void A_resized_crop_has_torchvisions_statistics(int size)
    {
        var expected = golden.Value.Crops[size];
        Agree(expected, new RandomResizedCrop(0.08f, 0.8f), change =>
        {
            var map = Assert.IsType<Warp>(change).Map;
            var ((left, top), (right, bottom)) = (map.Apply(-0.5, -0.5), map.Apply(expected.Width - 0.5, expected.Height - 0.5));
            return (left + 0.5, top + 0.5, right - left, bottom - top);
        });
    }

    static void Agree(Averages expected, ImageAugmentation augmentation,
        Func<ImageChange, (double Left, double Top, double Width, double Height)?> rectangle)
    {
        const int Count = 20_000;
        var drawn = Enumerable.Range(0, Count).Select(seed =>
        {
            var dice = Dice.For(seed);
            return rectangle(augmentation.Draw(ref dice, new(expected.Width, expected.Height)));
        }).OfType<(double Left, double Top, double Width, double Height)>().ToArray();
        var aspects = drawn.Select(box => Math.Log(box.Height / box.Width)).ToArray();
        var mean = aspects.Average();
        // Four standard errors of the difference of two such averages, or more.
        Assert.Equal(expected.Share, drawn.Length / (double)Count, 0.001);
        Assert.Equal(expected.Area, drawn.Average(box => box.Width * box.Height) / (expected.Width * expected.Height), 0.008);
        Assert.Equal(expected.LogAspect, mean, 0.03);
        Assert.Equal(expected.Spread, Math.Sqrt(aspects.Average(aspect => (aspect - mean) * (aspect - mean))), 0.02);
        Assert.Equal(expected.Left, drawn.Average(box => box.Left + box.Width / 2) / expected.Width, 0.01);
        Assert.Equal(expected.Top, drawn.Average(box => box.Top + box.Height / 2) / expected.Height, 0.01);
    }
}
