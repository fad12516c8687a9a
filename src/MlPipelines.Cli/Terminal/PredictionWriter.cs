using System.Text.Json.Nodes;

namespace MlPipelines.Cli;

/// <summary>What a model says of an image.</summary>
sealed class ImageScores
{
    public string ImagePath { get; set; } = "";
    public float[] Score { get; set; } = [];

    /// <summary>The class, or that it is unknown; null where none is asked for.</summary>
    public string? Answer { get; set; }
}

/// <summary>Writes the most probable classes of images, one line each.</summary>
/// <param name="output">Where to.</param>
/// <param name="classes">Names of the classes, in the order of the scores.</param>
/// <param name="top">How many classes at most.</param>
/// <param name="hasAnswers">Whether images may be answered with 'unknown'.</param>
sealed class PredictionWriter(TextWriter output, string[] classes, int top, bool hasAnswers)
{
    int Count => Math.Min(top, classes.Length);

    public void Text(ImageScores image) => output.WriteLine($"{DisplayText.Visible(image.ImagePath)}  "
        + (hasAnswers ? $"{DisplayText.Visible(image.Answer!)}: " : "")
        + string.Join("  ", Ranked(image).Select(pair => $"{DisplayText.Visible(pair.Name)} {pair.Score:0.0000}")));

    public void CsvHead() => output.Write(Enumerable.Range(1, Count).Aggregate(Begun("path", "answer"),
        (row, place) => row.Text($"class {place}").Text($"score {place}")).EndRow());

    public void Csv(ImageScores image) => output.Write(Ranked(image).Aggregate(Begun(image.ImagePath, image.Answer),
        (row, pair) => row.Text(pair.Name).Number(pair.Score)).EndRow());

    public void Json(ImageScores image)
    {
        var line = new JsonObject { ["path"] = image.ImagePath, ["predicted"] = Ranked(image).First().Name };
        if (hasAnswers)
            line["answer"] = image.Answer;
        line["scores"] = new JsonArray([.. Ranked(image)
            .Select(pair => new JsonObject { ["class"] = pair.Name, ["score"] = float.IsFinite(pair.Score) ? pair.Score : null })]);
        output.WriteLine(line.ToJsonString());
    }

    CsvWriter Begun(string path, string? answer) => hasAnswers ? new CsvWriter().Text(path).Text(answer!) : new CsvWriter().Text(path);

    IEnumerable<(string Name, float Score)> Ranked(ImageScores image) =>
        classes.Zip(image.Score).OrderByDescending(pair => pair.Second).Take(Count);
}
