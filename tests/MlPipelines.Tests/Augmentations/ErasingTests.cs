using MlPipelines.Imaging;

namespace MlPipelines.Tests.Augmentations;

public sealed class ErasingTests
{
    static Erase[] Draws(RandomErasing erasing, int count, ImageSize size) => [.. Enumerable.Range(0, count).Select(seed =>
    {
        var dice = Dice.For(seed);
        return erasing.Draw(ref dice, size);
    }).OfType<Erase>()];

    [Theory]
    [InlineData(ErasingDefinition.Torchvision, 3.3f)]
    [InlineData(ErasingDefinition.Timm, 1 / 0.3f)]
    public void In_the_manner_of_PyTorch_the_logarithm_of_the_aspect_is_uniform(ErasingDefinition definition, float most)
    {
        var preset = definition == ErasingDefinition.Timm ? RandomErasing.Timm : RandomErasing.Torchvision;
        var aspects = Draws(preset, 4000, new(300, 300)).Select(erase => erase.Area.Height / (double)erase.Area.Width).ToArray();
        Assert.InRange(aspects.Length, 1850, 2150);
        Assert.All(aspects, aspect => Assert.InRange(aspect, 0.29, most * 1.03));
        Assert.InRange(aspects.Average(Math.Log), (Math.Log(0.3) + Math.Log(most)) / 2 - 0.06, (Math.Log(0.3) + Math.Log(most)) / 2 + 0.06);
        // Uniform on the line instead: the Keras definition lies above one three times in four.
        Assert.InRange(aspects.Count(aspect => aspect > 1) / (double)aspects.Length, 0.45, 0.55);
        Assert.InRange(Draws(new(), 4000, new(300, 300)).Average(erase => erase.Area.Height > erase.Area.Width ? 1.0 : 0), 0.65, 0.85);
    }

    [Fact]
    public void In_the_manner_of_PyTorch_the_area_is_uniform_and_every_place_that_fits_is_as_likely()
    {
        var erasings = Draws(new(1, 0.1f, 0.2f, 1, false, ErasingDefinition.Torchvision), 4000, new(200, 100));
        Assert.Equal(4000, erasings.Length);
        Assert.InRange(erasings.Average(erase => erase.Area.Width * erase.Area.Height / 20_000.0), 0.147, 0.153);
        Assert.InRange(erasings.Average(erase => erase.Area.Left / (200.0 - erase.Area.Width)), 0.48, 0.52);
        Assert.InRange(erasings.Average(erase => erase.Area.Top / (100.0 - erase.Area.Height)), 0.48, 0.52);
        Assert.Equal(0, erasings.Min(erase => erase.Area.Left));
        Assert.Contains(erasings, erase => erase.Area.Left + erase.Area.Width == 200);
        // Such squares are higher than the image.
        Assert.Empty(Draws(new(1, 0.9f, 1, 1, false, ErasingDefinition.Torchvision), 100, new(100, 50)));
    }

    [Fact]
    public void Torchvision_paints_the_mean_of_ImageNet_and_timm_one_colour()
    {
        var image = Image.FromPixels(40, 30, 3, new byte[3600]);
        Assert.Equal([124, 116, 104],
            new Erase(new(3, 4, 1, 1), 9, false, ErasingDefinition.Torchvision).Apply(image).Crop(3, 4, 1, 1).Pixels.ToArray());
        var plain = new Erase(new(3, 4, 20, 10), 9, false, ErasingDefinition.Timm).Apply(image).Crop(3, 4, 20, 10).Pixels.ToArray();
        Assert.Single(plain.Chunk(3).Select(pixel => (pixel[0], pixel[1], pixel[2])).Distinct());
        Assert.NotEqual(plain[0], plain[1]);
        var noise = new Erase(new(0, 0, 40, 30), 9, true, ErasingDefinition.Timm).Apply(image).Pixels.ToArray();
        Assert.InRange(noise.Where((_, i) => i % 3 == 0).Average(value => value), 120, 128);
        Assert.InRange(noise.Where((_, i) => i % 3 == 2).Average(value => value), 99, 109);
        Assert.Equal(1, new Erase(new(0, 0, 1, 1), 9, false, ErasingDefinition.Timm).Apply(image.ToGrayscale()).Channels);
    }

    [Fact]
    public void A_definition_that_there_is_not_and_aspects_the_wrong_way_round_are_refused()
    {
        Assert.Contains("Torchvision",
            Assert.Throws<ArgumentOutOfRangeException>(() => new RandomErasing(Definition: (ErasingDefinition)7)).Message);
        Assert.Contains("MaxAspect", Assert.Throws<ArgumentOutOfRangeException>(() => new RandomErasing { MaxAspect = 0.2f }).Message);
    }
}
