namespace MlPipelines;

/// <summary>Parts that can be told from the others by one number, such as the size of their images:
/// what is tested is then not what was learnt.</summary>
/// <param name="Accuracy">Balanced accuracy of one threshold, from 0.5 to 1, from which on a part counts as told;
/// it must be reached with 99 % confidence.</param>
public sealed record DifferingParts(double Accuracy = 0.75) : DataCheck
{
    /// <inheritdoc cref="DifferingParts" path="/param[@name='Accuracy']"/>
    public double Accuracy { get; } = Check.Within(Accuracy, 0.5, 1);

    /// <inheritdoc/>
    public override IEnumerable<Finding> Find(DataSurvey survey, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(survey);
        return GroupDifferences.Of(survey.Images, image => image.Part, Accuracy, cancellation)
            .Select(part => new Finding(nameof(DifferingParts), Severity.Warning, [],
            $"part '{part.Group}': {GroupDifferences.Text(part.Stumps, "the other parts")}",
            "Split one set at random, or make the parts alike, unless the difference is what is to be tested."));
    }
}
