namespace MlPipelines;

/// <summary>Images that stand out by a blemish. What more than a tenth of the set has is no blemish but the set's manner: then it is said
/// once, of the set as a whole.</summary>
/// <remarks>Source of that rule: cleanlab, Datalab's image issues, max_prevalence 0.1. Up to ten images are always listed.</remarks>
public abstract record QualityCheck : DataCheck
{
    const double MostPrevalent = 0.1;
    const int AlwaysListed = 10;

    /// <summary>The images that stand out, in the order of the survey, each with what was found.</summary>
    protected abstract IEnumerable<(ImageFacts Image, string Found)> Odd(DataSurvey survey);

    /// <summary>What such images are, after a number: "dark images".</summary>
    protected abstract string Name { get; }

    /// <summary>What to do with one.</summary>
    protected abstract string Advice { get; }

    /// <inheritdoc/>
    public sealed override IEnumerable<Finding> Find(DataSurvey survey, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(survey);
        var odd = Odd(survey).ToArray();
        var kind = GetType().Name;
        return odd.Length <= Math.Max(AlwaysListed, MostPrevalent * survey.Images.Length)
            ? odd.Select(row => new Finding(kind, Severity.Advice, [row.Image.Path], row.Found, Advice))
            : [new(kind, Severity.Advice, [],
                $"{odd.Length} of {survey.Images.Length} are {Name}, the first {odd[0].Image.Path}: {odd[0].Found}",
                "So many are taken for the way the set is. If they are not meant to be so, look at how they were made.")];
    }

    /// <summary>Median and the median distance from it.</summary>
    private protected static (double Median, double Deviation) Spread(IEnumerable<double> values)
    {
        var all = values.ToArray();
        var median = Median(all);
        return (median, Median([.. all.Select(value => Math.Abs(value - median))]));
    }

    static double Median(double[] values)
    {
        Array.Sort(values);
        return values.Length == 0 ? double.NaN : (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }
}
