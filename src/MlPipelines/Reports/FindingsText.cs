using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MlPipelines;

/// <summary>Findings of a data check as text, as CSV and as JSON.</summary>
public static partial class FindingsText
{
    const int MostPaths = 3;

    /// <summary>Grouped by kind, the worst first: what it is, what to do, then a line a finding.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="most">The most lines of a kind, at least 1.</param>
    /// <param name="rest">Where the others are to be had, such as "--output FILE.csv"; nothing to say only how many there are.</param>
    public static string Render(DataCheckReport report, int most = int.MaxValue, string? rest = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        Check.AtLeast(most, 1);
        var text = new StringBuilder(Head(report.Survey)).Append('\n');
        foreach (var kind in report.Findings.GroupBy(finding => (finding.Severity, finding.Kind)))
        {
            text.Append($"\n{kind.Key.Severity}: {Words(kind.Key.Kind)}, {kind.Count()}\n");
            foreach (var advice in kind.Select(finding => finding.Advice).Distinct())
                text.Append($"  {advice}\n");
            foreach (var finding in kind.Take(most))
                text.Append($"    {Line(finding)}\n");
            if (kind.Count() > most)
                text.Append($"    … and {kind.Count() - most} more{(rest is null ? "" : $" (see {rest})")}\n");
        }
        return text.Append($"\n{Total(report)}\n").ToString();
    }

    /// <summary>One row a finding and path: kind, severity, finding (a number, the same for all rows of one), path,
    /// found, advice.</summary>
    public static string Csv(DataCheckReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var csv = new CsvWriter().Text("finding").Text("severity").Text("kind").Text("path").Text("found").Text("advice").EndRow();
        foreach (var (number, finding) in report.Findings.Index())
            foreach (var path in finding.Paths.DefaultIfEmpty(""))
                csv.Number(number + 1).Text(finding.Severity.ToString()).Text(finding.Kind).Text(path).Text(finding.Found)
                .Text(finding.Advice).EndRow();
        return csv.ToString();
    }

    /// <summary>One JSON object a line and finding.</summary>
    public static string JsonLines(DataCheckReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return string.Concat(report.Findings.Select(finding => new JsonObject
        {
            ["severity"] = finding.Severity.ToString(),
            ["kind"] = finding.Kind,
            ["paths"] = new JsonArray([.. finding.Paths.Select(path => JsonValue.Create(path))]),
            ["found"] = finding.Found,
            ["advice"] = finding.Advice,
        }.ToJsonString() + "\n"));
    }

    static string Head(DataSurvey survey)
    {
        var counts = survey.Images.CountBy(image => image.Part).ToDictionary();
        var parts = string.Join(", ", survey.Parts.Select(part => $"{part} {counts.GetValueOrDefault(part)}"));
        return DisplayText.Visible(
            $"{Counted.Of(survey.Images.Length, "image")}"
                + $"{survey.Classes.Length switch { 0 => "", 1 => " of one class", var count => $" of {count} classes" }} read ({parts})");
    }

    static string Total(DataCheckReport report) => report.Findings.IsEmpty ? "Nothing found."
        : string.Join(", ",
            report.Findings.CountBy(finding => finding.Severity)
            .Select(count => $"{count.Value} {Words(count.Key, count.Value)}"));

    static string Words(Severity severity, int count) => severity == Severity.Advice ? "advice"
        : severity.ToString().ToLowerInvariant() + (count == 1 ? "" : "s");

    static string Line(Finding finding)
    {
        var more = finding.Paths.Length > MostPaths ? $" and {finding.Paths.Length - MostPaths} more" : "";
        var paths = finding.Paths.IsEmpty ? "" : $"{string.Join(", ", finding.Paths.Take(MostPaths))}{more}: ";
        return DisplayText.Visible($"{paths}{finding.Found}");
    }

    static string Words(string kind) => Capitals().Replace(kind, match => $" {char.ToLowerInvariant(match.Value[0])}").TrimStart();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capitals();
}
