using MlPipelines.Execution.Kernels;

namespace MlPipelines.Tests.Execution.Kernels;

/// <summary>Random data, thread counts and comparison for the kernels' tests.</summary>
static class Trial
{
    /// <summary>Numbers from [−1, 1).</summary>
    public static float[] Numbers(int count, long seed)
    {
        var dice = Dice.For(seed, count);
        var numbers = new float[count];
        for (var i = 0; i < count; i++)
            numbers[i] = (float)dice.Uniform(-1, 1);
        return numbers;
    }

    /// <summary>Runs on exactly this many threads, which take indices in turn.</summary>
    public static ParallelFor Workers(int threads) => (count, body) =>
    {
        var next = -1;
        var crew = Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
                body(i);
        })).ToArray();
        foreach (var thread in crew)
            thread.Start();
        foreach (var thread in crew)
            thread.Join();
    };

    public static ParallelFor Alone { get; } = (count, body) =>
    {
        for (var i = 0; i < count; i++)
            body(i);
    };

    /// <summary>Both register widths where the machine has them.</summary>
    public static bool[] Widths { get; } = WideRegisters.AreSupported ? [false, true] : [false];

    /// <summary>Fails where the largest difference exceeds <paramref name="tolerance"/> of the largest magnitude.</summary>
    public static void Near(double[] expected, float[] actual, string trial, double tolerance = 1e-5)
    {
        Assert.Equal(expected.Length, actual.Length);
        var scale = Math.Max(1e-3, expected.Select(Math.Abs).DefaultIfEmpty().Max());
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * scale,
                $"{trial}: element {i} is {actual[i]}, expected {expected[i]} (largest {scale})");
    }

    /// <summary>The same call on 1, 2 and 7 workers gives the same bits.</summary>
    public static void SameOnAnyNumberOfThreads(Func<ParallelFor, float[]> run)
    {
        var alone = run(Workers(1));
        Assert.Equal(alone, run(Workers(2)));
        Assert.Equal(alone, run(Workers(7)));
    }
}
