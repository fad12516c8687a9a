using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

static class Drawing
{
    /// <summary>Stands between the deviation of a normal distribution and that of one cut off at two deviations.</summary>
    const double CutDeviation = 0.87962566103423978;

    public static Tensor Fill(Shape shape, Func<float> next)
    {
        var numbers = new float[shape.Length];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = next();
        return Tensor.Of<float>(shape, numbers);
    }

    public static Tensor Uniform(Shape shape, Dice dice, double from, double to) => Fill(shape, () => (float)dice.Uniform(from, to));

    public static Tensor Normal(Shape shape, Dice dice, double deviation) => Fill(shape, () => (float)(deviation * dice.Normal()));

    /// <summary>From a normal distribution cut off at two deviations, so widened that its deviation is the one given.</summary>
    public static Tensor CutNormal(Shape shape, Dice dice, double deviation) => Fill(shape, () =>
    {
        double normal;
        do
            normal = dice.Normal();
        while (Math.Abs(normal) > 2);
        return (float)(deviation / CutDeviation * normal);
    });

    /// <summary>Number of values that one result is summed from, and of results that one value goes into. Weight [out,in,…].</summary>
    public static (double In, double Out) Fans(Shape weight)
    {
        if (weight.Rank < 2)
            return weight.Rank == 0 ? (1, 1) : (weight[0], weight[0]);
        var field = weight.Skip(2).Aggregate(1.0, (product, size) => product * size);
        return (weight[1] * field, weight[0] * field);
    }
}

/// <summary>Draws for another shape of as many elements: a depthwise kernel's, in which each channel has its filters.</summary>
sealed record DrawnAs(Initializer Inner, Shape Shape) : Initializer
{
    public override Tensor Draw(Shape shape, Dice dice) => Inner.Draw(Shape, dice).Reshape(shape);
}
