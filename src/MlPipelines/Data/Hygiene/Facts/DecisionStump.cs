namespace MlPipelines;

/// <summary>How well one threshold on one number tells some images from the others.</summary>
/// <param name="Threshold">Halfway between two numbers that occur.</param>
/// <param name="Above">True when the images looked for are those above it.</param>
/// <param name="TruePositiveRate">Share of the images looked for that lie on that side.</param>
/// <param name="FalsePositiveRate">Share of the others that lie there too.</param>
/// <param name="Positives">How many are looked for.</param>
/// <param name="Negatives">How many others there are.</param>
readonly record struct DecisionStump(double Threshold, bool Above, double TruePositiveRate, double FalsePositiveRate, int Positives,
    int Negatives)
{
    /// <summary>Mean of the shares told rightly: 0.5 when the number says nothing, 1 when it says all.</summary>
    internal double BalancedAccuracy => (1 + TruePositiveRate - FalsePositiveRate) / 2;

    /// <summary>Most that chance would give a difference so large or larger, if both came from one distribution.</summary>
    /// <remarks>Source: Kolmogorov–Smirnov with two samples, 2 exp(−2 D² n m / (n + m)).</remarks>
    internal double PValue
    {
        get
        {
            var distance = TruePositiveRate - FalsePositiveRate;
            return 2 * Math.Exp(-2 * distance * distance * Positives * Negatives / ((double)Positives + Negatives));
        }
    }

    /// <summary>The balanced accuracy that is left when both shares are as bad as 99 % intervals allow.</summary>
    internal double LowerBound => (Lower(TruePositiveRate, Positives) + Lower(1 - FalsePositiveRate, Negatives)) / 2;

    /// <summary>The best threshold.</summary>
    internal static DecisionStump Best(IReadOnlyList<double> inside, IReadOnlyList<double> outside)
    {
        (double Value, int Inside)[] all = [.. inside.Select(value => (value, 1)), .. outside.Select(value => (value, 0))];
        Array.Sort(all, (a, b) => a.Value.CompareTo(b.Value));
        var (best, below, belowInside) = (new DecisionStump(double.NaN, false, 0, 0, inside.Count, outside.Count), 0, 0);
        for (var i = 0; i + 1 < all.Length; i++)
        {
            below++;
            belowInside += all[i].Inside;
            if (all[i].Value == all[i + 1].Value)
                continue;
            var (lowInside, lowOutside) = (belowInside / (double)inside.Count, (below - belowInside) / (double)outside.Count);
            if (Math.Abs(lowInside - lowOutside) > best.TruePositiveRate - best.FalsePositiveRate)
                best = best with
                {
                    Threshold = (all[i].Value + all[i + 1].Value) / 2,
                    Above = lowInside < lowOutside,
                    TruePositiveRate = lowInside < lowOutside ? 1 - lowInside : lowInside,
                    FalsePositiveRate = lowInside < lowOutside ? 1 - lowOutside : lowOutside,
                };
        }
        return best;
    }

    // Wilson's interval, lower end.
    static double Lower(double share, int count)
    {
        const double z = 2.5758293035489;
        var middle = share + z * z / (2 * count);
        return Math.Max(0, (middle - z * Math.Sqrt((share * (1 - share) + z * z / (4 * count)) / count)) / (1 + z * z / count));
    }
}
