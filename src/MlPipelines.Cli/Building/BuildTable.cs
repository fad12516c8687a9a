using System.Text.Json.Nodes;

namespace MlPipelines.Cli;

/// <summary>Trials as a table that grows, a line each, as they end; for machines an object each.</summary>
/// <param name="terminal">Where it is shown.</param>
sealed class BuildTable(Terminal terminal) : IProgress<BuildTrial>
{
    bool isBegun;

    public void Report(BuildTrial value)
    {
        if (!isBegun)
            terminal.Line("trial  round  images  accuracy  95 % interval         time  candidate");
        isBegun = true;
        terminal.Result(new()
        {
            ["event"] = "trial",
            ["trial"] = value.Number,
            ["candidate"] = value.Candidate,
            ["round"] = value.Rung + 1,
            ["share"] = value.Share,
            ["accuracy"] = value.Accuracy,
            ["accuracyInterval95"] = new JsonArray(value.AccuracyInterval.Lower, value.AccuracyInterval.Upper),
            ["logLoss"] = JsonText.Number(value.LogLoss),
            ["seconds"] = value.Seconds,
        });
        var interval = $"{value.AccuracyInterval.Lower:0.0%} to {value.AccuracyInterval.Upper:0.0%}";
        terminal.Line($"{value.Number,5}  {value.Rung + 1,5}  {value.Share,6:0%}  {value.Accuracy,8:0.0%}  {interval,-16}  "
            + $"{value.Seconds,7:0.0} s  {value.Candidate}");
    }
}
