using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>An evaluation of the rows that have one value in a column: one camera's images, one hospital's.</summary>
/// <param name="Value">The value; empty for rows without one.</param>
/// <param name="Report">The evaluation of these rows.</param>
/// <param name="Rest">Accuracy on all other rows; NaN where there is none.</param>
public sealed record CohortReport(string Value, ClassificationReport Report, double Rest)
{
    /// <summary>Where the accuracy less that on all other rows lies with 95 % confidence; not-a-number where there is no other.</summary>
    /// <remarks>Source: Newcombe 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8&lt;873::AID-SIM779&gt;3.0.CO;2-I, method 10. Of many
    /// cohorts, one in twenty lies outside by chance.</remarks>
    public required Interval DifferenceInterval { get; init; }

    internal static ImmutableArray<CohortReport> Of(ScoredRows rows)
    {
        var right = rows.Rows.Count(IsRight);
        return [.. rows.Rows.GroupBy(row => row.Cohort ?? "", StringComparer.Ordinal).OrderBy(cohort => cohort.Key, StringComparer.Ordinal)
            .Select(cohort =>
            {
                ImmutableArray<ScoredRow> own = [.. cohort];
                var (ownRight, others) = (own.Count(IsRight), rows.Rows.Length - own.Length);
                return new CohortReport(cohort.Key, EvaluationVerbs.Judge(rows.Only(own)), (double)(right - ownRight) / others)
                {
                    DifferenceInterval = Newcombe(ownRight, own.Length, right - ownRight, others),
                };
            })];
    }

    /// <summary>One line a cohort: its value, rows, accuracy and its interval, that of all other rows, and where the difference
    /// lies.</summary>
    internal static string ToCsv(IEnumerable<CohortReport> cohorts)
    {
        var csv = new CsvWriter().Text("cohort").Text("rows").Text("accuracy").Text("accuracy lower").Text("accuracy upper")
            .Text("accuracy of the rest").Text("difference lower").Text("difference upper").EndRow();
        foreach (var cohort in cohorts)
        {
            var (report, accuracy, difference) = (cohort.Report, cohort.Report.AccuracyInterval, cohort.DifferenceInterval);
            csv.Text(cohort.Value).Number(report.RowCount).Number(report.MicroAccuracy).Number(accuracy.Lower).Number(accuracy.Upper)
                .Number(cohort.Rest).Number(difference.Lower).Number(difference.Upper).EndRow();
        }
        return csv.ToString();
    }

    static bool IsRight(ScoredRow row) => row.Label == row.Predicted;

    static Interval Newcombe(int first, int firstRows, int second, int secondRows)
    {
        var (p, q) = ((double)first / firstRows, (double)second / secondRows);
        var (one, other) = (Interval.Wilson(first, firstRows), Interval.Wilson(second, secondRows));
        return new(p - q - Math.Sqrt(Math.Pow(p - one.Lower, 2) + Math.Pow(other.Upper - q, 2)),
            p - q + Math.Sqrt(Math.Pow(one.Upper - p, 2) + Math.Pow(q - other.Lower, 2)));
    }
}
