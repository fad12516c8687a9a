using System.Text.Json.Nodes;

namespace MlPipelines.Cli;

/// <summary>What a model says of an image.</summary>
sealed class ImageScores
{
    public string ImagePath { get; set; } = "";
    public float[] Score { get; set; } = [];
}

/// <summary>Writes the most probable classes of images, one line each.</summary>
/// <param name="output">Where to.</param>
/// <param name="classes">Names of the classes, in the order of the scores.</param>
/// <param name="top">How many classes at most.</param>
sealed class PredictionWriter(TextWriter output, string[] classes, int top)
{
    int Count => Math.Min(top, classes.Length);

    public void Text(ImageScores image) => output.WriteLine($"{DisplayText.Visible(image.ImagePath)}  "
        + string.Join("  ", Ranked(image).Select(pair => $"{DisplayText.Visible(pair.Name)} {pair.Score:0.0000}")));

    public void CsvHead() => output.Write(Enumerable.Range(1, Count)
        .Aggregate(new CsvWriter().Text("path"), (row, place) => row.Text($"class {place}").Text($"score {place}")).EndRow());

    public void Csv(ImageScores image) => output.Write(Ranked(image)
        .Aggregate(new CsvWriter().Text(image.ImagePath), (row, pair) => row.Text(pair.Name).Number(pair.Score)).EndRow());

    public void Json(ImageScores image) => output.WriteLine(new JsonObject
    {
        ["path"] = image.ImagePath,
        ["predicted"] = Ranked(image).First().Name,
        ["scores"] = new JsonArray([.. Ranked(image)
            .Select(pair => new JsonObject { ["class"] = pair.Name, ["score"] = float.IsFinite(pair.Score) ? pair.Score : null })]),
    }.ToJsonString());

    IEnumerable<(string Name, float Score)> Ranked(ImageScores image) =>
        classes.Zip(image.Score).OrderByDescending(pair => pair.Second).Take(Count);
}
