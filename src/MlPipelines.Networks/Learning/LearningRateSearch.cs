namespace MlPipelines;

/// <summary>Which learning rates are tried: they rise geometrically from step to step.</summary>
/// <param name="From">The first.</param>
/// <param name="To">The last.</param>
/// <param name="Steps">How many; at least 10.</param>
/// <param name="StopAt">It ends when the smoothed loss is more than so many times the least.</param>
/// <remarks>Source: Smith 2015, arXiv:1506.01186, section 3.3; the numbers are fastai's.</remarks>
public sealed record LearningRateSearch(float From = 1e-7f, float To = 10, int Steps = 100, float StopAt = 4)
{
    /// <inheritdoc cref="LearningRateSearch" path="/param[@name='From']"/>
    public float From { get; init => field = Check.MoreThan(value, 0, nameof(From)); } = Check.MoreThan(From, 0);
    /// <inheritdoc cref="LearningRateSearch" path="/param[@name='To']"/>
    public float To { get; init => field = Check.MoreThan(value, 0, nameof(To)); } = Check.MoreThan(To, 0);
    /// <inheritdoc cref="LearningRateSearch" path="/param[@name='Steps']"/>
    public int Steps { get; init => field = Check.AtLeast(value, 10, nameof(Steps)); } = Check.AtLeast(Steps, 10);
    /// <inheritdoc cref="LearningRateSearch" path="/param[@name='StopAt']"/>
    public float StopAt { get; init => field = Check.MoreThan(value, 1, nameof(StopAt)); } = Check.MoreThan(StopAt, 1);

    /// <summary>The rate of one step, from 0.</summary>
    public float RateAt(int step) => (float)(From * Math.Pow((double)To / From, (double)step / (Steps - 1)));
}
