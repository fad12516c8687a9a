namespace MlPipelines;

/// <summary>Classes that some parts have and others lack.</summary>
public sealed record MissingClasses : DataCheck
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Find(DataSurvey survey, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(survey);
        var classes = survey.Classes;
        var labelled = survey.Images.Where(image => image.Label is not null).GroupBy(image => image.Part, image => image.Label!)
            .ToDictionary(part => part.Key, part => part.ToHashSet(StringComparer.Ordinal));
        return from part in survey.Parts
               where labelled.ContainsKey(part)
               let lacking = classes.Where(name => !labelled[part].Contains(name)).ToArray()
               where lacking.Length > 0
               select new Finding(nameof(MissingClasses), Severity.Warning, [],
                   $"{part} has no readable image of {string.Join(", ", lacking.Select(name => $"'{name}'"))}",
                   "Split again so that every class is in every part, or mend the names: what is not in train is never learnt, what is "
                       + "not in test is never tested.");
    }
}
