using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>The loss at one learning rate.</summary>
/// <param name="LearningRate">Of the step.</param>
/// <param name="Loss">Of its batch, before the step.</param>
/// <param name="Smoothed">Moving average of the losses up to here, corrected for its start.</param>
public readonly record struct LearningRatePoint(float LearningRate, double Loss, double Smoothed);

/// <summary>How the loss of a network changes while the learning rate rises.</summary>
/// <param name="Search">Which rates were to be tried.</param>
/// <param name="Points">In order of the rates; fewer than were asked for where the search ended early.</param>
public sealed record LearningRateCurve(LearningRateSearch Search, params ImmutableArray<LearningRatePoint> Points)
{
    const double Smoothing = 0.98;
    const int Last = 5;

    /// <summary>The learning rate two thirds down the longest valley of the smoothed losses; null where they never fall.</summary>
    /// <remarks>The first tenth of the points and the last five are left out. The valley is the longest series of points, not necessarily
    /// neighbours, of which each has a smaller loss than the one before. Source: fastai's <c>valley</c>.</remarks>
    public float? Suggestion
    {
        get
        {
            var first = Search.Steps / 10;
            var count = Math.Max(0, Points.Length - Last - first);
            var (lengths, best) = (new int[count], 0);
            for (var i = 0; i < count; i++)
            {
                lengths[i] = 1;
                for (var j = 0; j < i; j++)
                    if (Points[first + i].Smoothed < Points[first + j].Smoothed)
                        lengths[i] = Math.Max(lengths[i], lengths[j] + 1);
                best = lengths[i] > lengths[best] ? i : best;
            }
            if (count == 0 || lengths[best] < 2)
                return null;
            var start = best - lengths[best];
            var third = (best - start) / 3.0;
            return Points[first + Math.Max(0, start + (int)third + (int)(third / 2))].LearningRate;
        }
    }

    /// <summary>A curve through losses; smoothing as fastai's recorder has it.</summary>
    internal static LearningRateCurve Of(LearningRateSearch search, IEnumerable<(float Rate, float Loss)> steps)
    {
        var (mean, stays) = (0.0, 1.0);
        var points = ImmutableArray.CreateBuilder<LearningRatePoint>();
        foreach (var (rate, loss) in steps)
        {
            mean = mean * Smoothing + loss * (1 - Smoothing);
            stays *= Smoothing;
            points.Add(new(rate, loss, mean / (1 - stays)));
        }
        return new(search, points.ToImmutable());
    }
}
