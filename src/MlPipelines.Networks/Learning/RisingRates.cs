namespace MlPipelines;

/// <summary>Rates that rise until the loss has become far larger than the least.</summary>
sealed record RisingRates(LearningRateSearch Search, Action Stop) : LearningRateSchedule
{
    readonly List<(float Rate, float Loss)> steps = [];
    double least = double.PositiveInfinity;

    public override float At(float learningRate, in TrainingMoment moment) => Search.RateAt(Math.Min(steps.Count, Search.Steps - 1));

    /// <summary>Notes a step, and stops where it is the last.</summary>
    public void Add(float rate, float loss)
    {
        if (float.IsFinite(loss))
            steps.Add((rate, loss));
        var smoothed = ToCurve().Points is { Length: > 0 } points ? points[^1].Smoothed : double.NaN;
        least = Math.Min(least, smoothed);
        if (!float.IsFinite(loss) || steps.Count >= Search.Steps || smoothed > Search.StopAt * least)
            Stop();
    }

    public LearningRateCurve ToCurve() => LearningRateCurve.Of(Search, steps);
}
