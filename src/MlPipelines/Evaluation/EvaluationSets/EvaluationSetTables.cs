using System.Globalization;

namespace MlPipelines;

/// <summary>Tables of a report, as CSV.</summary>
static class EvaluationSetTables
{
    /// <summary>A picture a row: its file in the set and in the data, its class, and what each member says.</summary>
    public static string OfSet(EvaluationSetReport report, EvaluationSet set, IReadOnlyList<string?> files)
    {
        var csv = new CsvWriter().Text("file").Text("path").Text("label");
        foreach (var member in report.Members)
            csv.Text($"{member.Name} says");
        csv.EndRow();
        foreach (var (number, place) in set.Places.Index())
        {
            csv.Text(files[number]?.Replace('\\', '/')).Text(ArchivePath.Full(set.Pictures[number].Name)).Text(set.Pictures[number].Label);
            for (var member = 0; member < report.Members.Length; member++)
                csv.Text(report.Data.Said(member, place));
            csv.EndRow();
        }
        return csv.ToString();
    }

    public static string OfMembers(EvaluationSetReport report)
    {
        var csv = new CsvWriter().Text("member").Text("type").Text("held out").Text("accuracy").Text("lower").Text("upper")
            .Text("unanswered")
            .Text("unmapped").Text("learnt from").EndRow();
        foreach (var member in report.Members)
            csv.Text(member.Name).Text(member.Type).Text(member.IsHeldOut ? "yes" : "no").Number(member.Accuracy.Value)
                .Number(member.Accuracy.Interval.Lower).Number(member.Accuracy.Interval.Upper).Number(member.Unanswered)
                .Number(member.Unmapped.Values.Sum()).Text(member.Learnt?.Learnt.ToString(CultureInfo.InvariantCulture)).EndRow();
        return csv.ToString();
    }

    /// <summary>A set a row: its figures, and the accuracy of each member on it.</summary>
    public static string OfAccuracies(EvaluationSetReport report, IEnumerable<EvaluationSet> sets)
    {
        var csv = new CsvWriter();
        foreach (var name in new[] { "set", "pictures", "spread where found", "lower", "upper", "spread held out", "lower", "upper",
            "random lower", "random upper", "difficulty lower", "difficulty upper", "verdict", "disagreement", "reversed pairs" })
            csv.Text(name);
        foreach (var member in report.Members)
            csv.Text(member.Name);
        csv.EndRow();
        foreach (var set in sets)
        {
            csv.Text(set.Name).Number(set.Pictures.Length).Number(set.Searched.Spread);
            Range(csv, set.Searched.Interval);
            csv.Number(set.HeldOut?.Spread ?? double.NaN);
            Range(csv, set.HeldOut?.Interval);
            Range(csv, set.HeldOut?.RandomInterval);
            Range(csv, set.HeldOut?.DifficultyInterval);
            csv.Text(set.Verdict.ToString()).Number(set.Disagreement).Number(set.Reversal);
            foreach (var accuracy in set.Accuracies)
                csv.Number(accuracy.Value);
            csv.EndRow();
        }
        return csv.ToString();
    }

    public static string OfLeftOut(EvaluationSetReport report)
    {
        var csv = new CsvWriter().Text("path").Text("reason").EndRow();
        foreach (var picture in report.LeftOut)
            csv.Text(picture.Name).Text(picture.Reason).EndRow();
        return csv.ToString();
    }

    static void Range(CsvWriter csv, Interval? interval) =>
        csv.Number(interval?.Lower ?? double.NaN).Number(interval?.Upper ?? double.NaN);
}
