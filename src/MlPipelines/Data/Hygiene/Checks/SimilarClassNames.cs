namespace MlPipelines;

/// <summary>Classes whose names differ in case, spaces, hyphens or underscores alone, and are likely meant as one.</summary>
public sealed record SimilarClassNames : DataCheck
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Find(DataSurvey survey, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(survey);
        return from alike in survey.Classes.GroupBy(Bare)
               where alike.Count() > 1
               select new Finding(nameof(SimilarClassNames), Severity.Warning, [],
                   $"the classes {string.Join(" and ", alike.Select(name => $"'{name}'"))}",
                   "Put their images into one folder if they are one class.");
    }

    static string Bare(string name) =>
        string.Concat(name.Where(letter => !(char.IsWhiteSpace(letter) || letter is '-' or '_'))).ToUpperInvariant();
}
