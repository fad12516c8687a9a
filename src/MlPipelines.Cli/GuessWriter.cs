using System.Text.Json.Nodes;

namespace MlPipelines.Cli;

/// <summary>What a model says of an image.</summary>
sealed class Guess
{
    public string ImagePath { get; set; } = "";
    public float[] Score { get; set; } = [];
}

/// <summary>Writes the most probable classes of images, one line each.</summary>
/// <param name="terminal">Where to.</param>
/// <param name="classes">Names of the classes, in the order of the scores.</param>
/// <param name="top">How many classes at most.</param>
sealed class GuessWriter(Terminal terminal, string[] classes, int top)
{
    int Count => Math.Min(top, classes.Length);

    public void Plain(Guess guess) => terminal.Output.WriteLine($"{DisplayText.Visible(guess.ImagePath)}  "
        + string.Join("  ", Ranked(guess).Select(pair => $"{DisplayText.Visible(pair.Name)} {pair.Score:0.0000}")));

    public void CsvHead() => terminal.Output.Write(Enumerable.Range(1, Count)
        .Aggregate(new CsvWriter().Text("path"), (row, place) => row.Text($"class {place}").Text($"score {place}")).EndRow());

    public void Csv(Guess guess) => terminal.Output.Write(Ranked(guess)
        .Aggregate(new CsvWriter().Text(guess.ImagePath), (row, pair) => row.Text(pair.Name).Number(pair.Score)).EndRow());

    public void Json(Guess guess) => terminal.Output.WriteLine(new JsonObject
    {
        ["path"] = guess.ImagePath,
        ["predicted"] = Ranked(guess).First().Name,
        ["scores"] = new JsonArray([.. Ranked(guess)
            .Select(pair => new JsonObject { ["class"] = pair.Name, ["score"] = float.IsFinite(pair.Score) ? pair.Score : null })]),
    }.ToJsonString());

    IEnumerable<(string Name, float Score)> Ranked(Guess guess) =>
        classes.Zip(guess.Score).OrderByDescending(pair => pair.Second).Take(Count);
}
