using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace MlPipelines;

/// <summary>What the page of an evaluation shows, as JSON.</summary>
sealed class EvaluationPage(ScoredRows rows, ClassificationReport report, EvaluationPageOptions options)
{
    /// <summary>Pairs of classes, labels that are likely wrong, and findings that are listed at most.</summary>
    const int MostPairs = 12, MostDoubtful = 200, MostFindings = 100;

    /// <summary>Paths of a finding that are listed.</summary>
    const int MostPaths = 5;

    public JsonObject Content(IDataView scored, CancellationToken cancellation)
    {
        var doubtful = ConfidentLearning.Find(rows).Take(MostDoubtful).ToArray();
        var shown = new PagePictures(rows, options);
        var pictures = shown.Read(scored, doubtful.Select(error => error.Id), cancellation);
        return new()
        {
            ["summary"] = Summary(),
            ["charts"] = new JsonArray([.. Charts().Select(chart => new JsonObject
            {
                ["name"] = chart.Name,
                ["address"] = Address("svg+xml", Encoding.UTF8.GetBytes(chart.Chart.ToSvg(hasFonts: true))),
            })]),
            ["classes"] = new JsonArray([.. rows.ClassNames.Select(name => JsonValue.Create(Visible(name)))]),
            ["matrix"] = new JsonArray([.. report.ConfusionMatrix.Counts
                .Select(line => new JsonArray([.. line.Select(count => JsonValue.Create((long)count))]))]),
            ["perClass"] = new JsonArray([.. report.PerClass.Select(OfClass)]),
            ["pairs"] = new JsonArray([.. report.ConfusionMatrix.MostConfused(MostPairs).Select(pair => new JsonObject
            {
                ["true"] = rows.ClassNames.IndexOf(pair.True),
                ["predicted"] = rows.ClassNames.IndexOf(pair.Predicted),
                ["count"] = pair.Count,
                ["share"] = pair.Share,
            })]),
            ["mistakes"] = rows.Rows.Count(row => row.Label != row.Predicted),
            ["pictures"] = pictures,
            ["doubtful"] = new JsonArray([.. doubtful.Select(error => new JsonObject
            {
                ["id"] = error.Id,
                ["label"] = Visible(error.Label),
                ["likely"] = Visible(error.Likely),
                ["labelScore"] = error.LabelScore,
                ["likelyScore"] = error.LikelyScore,
            })]),
            ["data"] = Data(shown.Remarks),
            ["augmentations"] = options.Augmentations is { } sheet ? Address("png", sheet.Encode(".png")) : null,
            ["command"] = options.Command is { } command ? Visible(command) : null,
            ["pipeline"] = options.Pipeline?.ToJsonString(JsonText.Indented),
        };
    }

    JsonArray Summary()
    {
        List<(string Name, string Value, string Note)> figures =
        [
            ("accuracy", Percent(report.MicroAccuracy),
                $"95 % interval {Percent(report.AccuracyInterval.Lower)} to {Percent(report.AccuracyInterval.Upper)}"),
            ("images", Invariant($"{report.RowCount:N0}"), Invariant($"of {report.PerClass.Count(one => one.Support > 0)} classes")),
            ("mean over classes", Percent(report.MacroAccuracy), "each class counts as much"),
            ("F1", Invariant($"{report.MacroF1Score:0.000}"), "mean over classes"),
            ("log-loss", Number(report.LogLoss), "0 at best"),
            ("Brier score", Number(report.BrierScore), "0 at best, 2 at worst"),
            ("area under ROC", Number(report.MacroAreaUnderRocCurve), "mean over classes"),
            ("calibration error", Number(report.ExpectedCalibrationError), "how far scores are from shares that are right"),
        ];
        if (report.Coverage?.At(0.99) is { } sure)
            figures.Add(("answered at 99 %", Percent(sure.Coverage), Invariant($"from a best score of {sure.Threshold:0.00} on")));
        return [.. figures.Select(one => new JsonObject { ["name"] = one.Name, ["value"] = one.Value, ["note"] = one.Note })];
    }

    IEnumerable<(string Name, Chart Chart)> Charts() =>
        options.History is { Epochs.Length: > 1 } history ? EvaluationCharts.Of(report).Prepend(("training", history.ToChart()))
            : EvaluationCharts.Of(report);

    static JsonObject OfClass(ClassMetrics one) => new()
    {
        ["support"] = one.Support,
        ["predicted"] = one.PredictedCount,
        ["precision"] = one.Precision,
        ["recall"] = one.Recall,
        ["f1"] = one.F1Score,
        ["logLoss"] = JsonText.Number(one.LogLoss),
        ["area"] = JsonText.Number(one.Areas?.Roc ?? double.NaN),
    };

    JsonObject Data(IEnumerable<string> remarks)
    {
        var learnt = options.LearntFrom is { } data ? ClassCounts.Of(data, "Label", null) : null;
        return new()
        {
            ["counts"] = new JsonArray([.. rows.ClassNames.Select((name, of) => new JsonObject
            {
                ["learnt"] = learnt?[name],
                ["judged"] = report.PerClass[of].Support,
            })]),
            ["remarks"] = new JsonArray([.. (learnt?.Warnings ?? []).Select(warning => warning.Message).Concat(remarks)
                .Concat(report.Skipped.Select(row => $"skipped {row}").Take(MostFindings))
                .Select(remark => JsonValue.Create(Visible(remark)))]),
            ["findings"] = new JsonArray([.. options.Findings.Take(MostFindings).Select(finding => new JsonObject
            {
                ["severity"] = finding.Severity.ToString(),
                ["found"] = Visible(finding.Found),
                ["advice"] = Visible(finding.Advice),
                ["paths"] = new JsonArray([.. finding.Paths.Take(MostPaths).Select(path => JsonValue.Create(Visible(path)))]),
            })]),
            ["moreFindings"] = Math.Max(0, options.Findings.Count - MostFindings),
        };
    }

    static string Address(string type, byte[] bytes) => $"data:image/{type};base64,{Convert.ToBase64String(bytes)}";

    static string Percent(double share) => Invariant($"{100 * share:0.0} %");

    static string Number(double value) => double.IsFinite(value) ? Invariant($"{value:0.000}") : "–";

    static string Visible(string text) => DisplayText.Visible(text);

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
