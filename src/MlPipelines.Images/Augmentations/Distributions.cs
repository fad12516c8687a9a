namespace MlPipelines;

/// <summary>Draws from the distributions that mixing needs.</summary>
static class Distributions
{
    /// <summary>A number from (0, 1) by the beta distribution.</summary>
    /// <param name="dice">What it is drawn from.</param>
    /// <param name="a">More than 0.</param>
    /// <param name="b">More than 0.</param>
    internal static double Beta(this ref Dice dice, double a, double b)
    {
        var (one, other) = (dice.LogGamma(a), dice.LogGamma(b));
        return 1 / (1 + Math.Exp(other - one));
    }

    /// <summary>Shares that sum to 1, by the symmetric Dirichlet distribution.</summary>
    /// <param name="dice">What they are drawn from.</param>
    /// <param name="count">How many.</param>
    /// <param name="alpha">More than 0.</param>
    internal static double[] Dirichlet(this ref Dice dice, int count, double alpha)
    {
        var shares = new double[count];
        foreach (ref var share in shares.AsSpan())
            share = dice.LogGamma(alpha);
        var most = shares.Max();
        foreach (ref var share in shares.AsSpan())
            share = Math.Exp(share - most);
        var sum = shares.Sum();
        return [.. shares.Select(share => share / sum)];
    }

    /// <summary>The logarithm of a number by the gamma distribution of scale 1; a small shape
    /// gives numbers too small for a double.</summary>
    /// <remarks>Source: Marsaglia, Tsang 2000, doi:10.1145/358407.358414; shapes below 1 by their §6.</remarks>
    internal static double LogGamma(this ref Dice dice, double shape)
    {
        if (shape < 1)
        {
            var power = Math.Log(1 - dice.Unit()) / shape;
            return dice.LogGamma(shape + 1) + power;
        }
        var d = shape - 1 / 3.0;
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = dice.Normal();
            var root = 1 + c * x;
            if (root <= 0)
                continue;
            var v = root * root * root;
            if (Math.Log(1 - dice.Unit()) < 0.5 * x * x + d - d * v + d * Math.Log(v))
                return Math.Log(d * v);
        }
    }
}
