using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>What checks found in a data set.</summary>
/// <param name="Survey">What was looked at.</param>
/// <param name="Findings">The worst first; then by kind, then in the order of the set.</param>
public sealed record DataCheckReport(DataSurvey Survey, ImmutableArray<Finding> Findings)
{
    internal static DataCheckReport Of(DataSurvey survey, IEnumerable<DataCheck> checks, CancellationToken cancellation) =>
        new(survey,
            [.. checks.SelectMany(check => check.Find(survey, cancellation)).OrderByDescending(finding => finding.Severity)
                .ThenBy(finding => finding.Kind, StringComparer.Ordinal)]);
}
