namespace MlPipelines.Tests;

public class DiceTests
{
    [Fact]
    public void Normal_numbers_have_the_moments_and_tails_of_the_distribution()
    {
        var values = new float[400_000];
        Dice.For(1).Normals(values);
        double Mean(Func<double, double> of) => values.Average(value => of(value));
        Assert.InRange(Mean(x => x), -0.01, 0.01);
        Assert.InRange(Mean(x => x * x), 0.99, 1.01);
        Assert.InRange(Mean(x => x * x * x), -0.03, 0.03);
        Assert.InRange(Mean(x => x * x * x * x), 2.95, 3.05);
        Assert.InRange(Mean(x => Math.Abs(x) > 1.96 ? 1 : 0), 0.0485, 0.0515);
        Assert.InRange(values.Max(), 4, 5.9);
        // Each comes with one eight places on, by sine and cosine of one angle.
        Assert.InRange(values.Chunk(16).Average(pair => pair[0] * pair[8]), -0.03, 0.03);
    }

    [Fact]
    public void Bytes_are_uniform()
    {
        var counts = new int[256];
        var values = new byte[256 * 1000 + 3];
        Dice.For(2).Bytes(values);
        foreach (var value in values)
            counts[value]++;
        // Chi-square of 255 degrees of freedom: 99.99 % lie below 346.
        Assert.InRange(counts.Sum(count => (count - 1000.0) * (count - 1000) / 1000), 160, 346);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(29)]
    public void Fewer_numbers_are_the_first_of_more(int count)
    {
        float[] few = new float[count], many = new float[64];
        Dice.For(3).Normals(few);
        Dice.For(3).Normals(many);
        Assert.Equal(many[..count], few);
        byte[] little = new byte[count], much = new byte[64];
        Dice.For(3).Bytes(little);
        Dice.For(3).Bytes(much);
        Assert.Equal(much[..count], little);
    }
}
