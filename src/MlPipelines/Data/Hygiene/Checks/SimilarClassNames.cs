namespace MlPipelines;

/// <summary>Classes whose names differ in case, spaces, hyphens or underscores alone, and are likely meant as one; and names that look
/// alike and are written in two of Unicode's normal forms, which are taken as one.</summary>
public sealed record SimilarClassNames : DataCheck
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Find(DataSurvey survey, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(survey);
        return Twins(survey).Concat(
               from alike in survey.Classes.GroupBy(Bare)
               where alike.Count() > 1
               select new Finding(nameof(SimilarClassNames), Severity.Warning, [],
                   $"the classes {string.Join(" and ", alike.Select(name => $"'{name}'"))}",
                   "Put their images into one folder if they are one class."));
    }

    static IEnumerable<Finding> Twins(DataSurvey survey) =>
        from name in survey.Spellings.GroupBy(written => NormalForm.Of(written.Name), StringComparer.Ordinal)
        let forms = name.GroupBy(written => written.Name, written => written.Part, StringComparer.Ordinal).ToArray()
        where forms.Length > 1
        select new Finding(nameof(SimilarClassNames), Severity.Warning, [],
            $"the class '{name.Key}' is written in {forms.Length} ways that look alike: "
                + string.Join(", ", forms.Select(form => $"'{NormalForm.Escaped(form.Key)}' in {string.Join(" and ", form.Distinct())}")),
            "They are taken as one class here; rename the folders alike, since other programs may take them for two.");

    static string Bare(string name) =>
        string.Concat(name.Where(letter => !(char.IsWhiteSpace(letter) || letter is '-' or '_'))).ToUpperInvariant();
}
