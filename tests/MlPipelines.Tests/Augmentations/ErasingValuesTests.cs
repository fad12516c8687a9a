using MlPipelines.Imaging;

namespace MlPipelines.Tests.Augmentations;

/// <summary>What rectangles are painted with.</summary>
public sealed class ErasingValuesTests
{
    // The values painted over an image that is all 7, which none of the ranges here holds.
    static byte[] Painted(RandomErasing erasing, int images) =>
        [.. Enumerable.Range(0, images).SelectMany(number =>
        {
            var (dice, size) = (Dice.For(4, number), new ImageSize(16, 12));
            var image = Image.FromPixels(16, 12, 3, [.. Enumerable.Repeat((byte)7, 16 * 12 * 3)]);
            return erasing.Draw(ref dice, size).Apply(image).Pixels.ToArray().Where(value => value != 7);
        })];

    [Theory]
    [InlineData(100, 200, true)]
    [InlineData(100, 200, false)]
    [InlineData(128, 128, true)]
    [InlineData(250, 255, false)]
    public void Values_lie_between_the_smallest_and_the_largest_and_reach_both(int from, int to, bool eachPixel)
    {
        var painted = Painted(new RandomErasing(1, EachPixel: eachPixel) { MinValue = from, MaxValue = to }, eachPixel ? 60 : 2000);
        Assert.Equal((from, to), (painted.Min(), painted.Max()));
        Assert.InRange(painted.Average(value => (double)value), (from + to) / 2.0 - 4, (from + to) / 2.0 + 4);
    }

    [Fact]
    public void They_can_be_said_in_words() => Assert.Equal<Augmentation>([new RandomErasing { MinValue = 10, MaxValue = 20 }],
        AugmentationText.Parse("RandomErasing(MinValue=10, MaxValue=20)"));

    [Fact]
    public void Values_that_are_none_are_refused()
    {
        Assert.Contains("MaxValue: got 256, needs a value from 0 to 255.",
            Assert.Throws<ArgumentOutOfRangeException>(() => new RandomErasing { MaxValue = 256 }).Message);
        Assert.Contains("MinValue: got 30, needs a value from 0 to 20.",
            Assert.Throws<ArgumentOutOfRangeException>(() => new RandomErasing { MaxValue = 20, MinValue = 30 }).Message);
        Assert.Contains("MinValue: got 3 beside the definition Timm",
            Assert.Throws<ArgumentException>(() => RandomErasing.Timm with { MinValue = 3 }).Message);
    }
}
