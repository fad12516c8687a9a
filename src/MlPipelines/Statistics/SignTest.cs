namespace MlPipelines;

/// <summary>Whether one of two is right more often than by chance, on samples on which they differ.</summary>
/// <remarks>Source: McNemar 1947, doi:10.1007/BF02295996; exact, by the binomial distribution.</remarks>
static class SignTest
{
    /// <summary>Chance that a coin gives the one at least so many of those on which they differ.</summary>
    public static double OneSided(int won, int lost)
    {
        var (tosses, log, sum) = (won + lost, 0.0, won <= 0 ? 1.0 : 0.0);
        // In logarithms, so that 2^-tosses does not vanish.
        var half = tosses * Math.Log(0.5);
        for (var heads = 1; heads <= tosses; heads++)
        {
            log += Math.Log(tosses - heads + 1) - Math.Log(heads);
            sum += heads >= won ? Math.Exp(log + half) : 0;
        }
        return Math.Min(1, sum);
    }

    /// <summary>Chance that a coin divides them at least as unevenly.</summary>
    public static double TwoSided(int won, int lost) => Math.Min(1, 2 * OneSided(Math.Max(won, lost), Math.Min(won, lost)));
}
