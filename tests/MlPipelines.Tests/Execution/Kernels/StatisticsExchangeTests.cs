using MlPipelines.Execution;
using MlPipelines.Execution.Kernels;
using MlPipelines.Graphs;

namespace MlPipelines.Tests.Execution.Kernels;

public sealed class StatisticsExchangeTests
{
    // Each process's exchange is handed what all would give, in the order of the ranks; one of them has no samples.
    static StatisticsExchange With(params double[][] others) => new(own => [others[0], own, [], .. others[1..]]);

    static StatisticsExchange.Totals Of(double[] numbers) => new(numbers.Length, [numbers.Average()],
        [numbers.Sum(number => Math.Pow(number - numbers.Average(), 2))]);

    static double[] Told(StatisticsExchange.Totals totals) => [totals.Count, .. totals.First, .. totals.Second];

    [Theory]
    [InlineData(0)]
    [InlineData(1e6)]
    public void Moments_of_parts_are_those_of_the_whole(double far)
    {
        var dice = new Random(1);
        double[][] parts = [.. new[] { 5, 1, 9 }.Select(count =>
            Enumerable.Range(0, count).Select(_ => far + dice.NextDouble()).ToArray())];
        var whole = Of([.. parts.SelectMany(part => part)]);
        var all = With(Told(Of(parts[0])), Told(Of(parts[2]))).Moments(Of(parts[1]));
        Assert.Equal(15, all.Count);
        Assert.Equal(whole.First[0], all.First[0], 1e-9);
        Assert.Equal(whole.Second[0], all.Second[0], 1e-8);
    }

    [Fact]
    public void Sums_are_added_channel_by_channel()
    {
        var all = With([2, 1, 10, 100, 1000], [3, 2, 20, 200, 2000]).Sums(new(4, [3, 30], [300, 3000]));
        Assert.Equal([9, 6, 60, 600, 6000], Told(all));
    }

    [Fact]
    public void A_process_that_is_at_another_normalisation_is_found() =>
        Assert.Contains("2 channels, and one of them of 1", Assert.Throws<InvalidOperationException>(() =>
            With([1, 2, 3]).Sums(new(1, [1, 2], [3, 4]))).Message, StringComparison.Ordinal);

    [Fact]
    public void Another_device_than_the_processor_is_refused()
    {
        var x = Value.Input("x", [1, 1]);
        Assert.Contains("SynchronizedNormalization: is computed on the processor", Assert.Throws<ArgumentException>(() =>
            Lowering.SessionOf(new([x], ("y", Op.Relu(x))), new SessionSettings { Device = Device.Cuda() }, With([]))).Message,
            StringComparison.Ordinal);
    }
}
