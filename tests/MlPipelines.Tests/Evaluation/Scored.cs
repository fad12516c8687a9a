using System.Collections.Immutable;
using MlPipelines.Imaging;

namespace MlPipelines.Tests.Evaluation;

/// <summary>Made-up scored data: one certain prediction a row.</summary>
static class Scored
{
    internal static readonly ImmutableArray<string> Classes = ["cat", "dog"];

    /// <summary>Columns Label, PredictedLabel (text), Score with slot names, ImagePath.
    /// A path that begins with "broken" cannot be read.</summary>
    internal static IDataView Files(params (string Path, string True, string Predicted)[] rows) =>
        Rows(rows.Length, Classes, row => rows[row].True, row => rows[row].Predicted,
        row => rows[row].Path.StartsWith("broken", StringComparison.Ordinal)
            ? throw new InvalidDataException($"{rows[row].Path}: not an image.") : Certain(rows[row].Predicted),
        row => rows[row].Path);

    /// <summary>Columns Label, PredictedLabel (text), Score, and ImagePath where there are paths.</summary>
    internal static IDataView Rows(int count, ImmutableArray<string>? classes, Func<long, string> label, Func<long, string> predicted,
        Func<long, float[]> scores, Func<long, string>? path = null) =>
        MadeUp.Rows(count, [MadeUp.Text("Label", label), MadeUp.Text("PredictedLabel", predicted), MadeUp.Scores("Score", classes, scores),
            .. path is null ? Array.Empty<AddedColumn>() : [MadeUp.Text("ImagePath", path)]]);

    /// <summary>Columns Label, PredictedLabel (keys), Score without slot names, Image.</summary>
    internal static IDataView Pictures(params (uint True, uint Predicted)[] rows)
    {
        var pictures = MadeUp.Pictures([.. rows.Select((_, row) => Image.FromPixels(1, 8, 1, [(byte)row, 255, 0, 1, 2, 3, 4, 5]))]);
        return new AddedView(pictures, new(pictures.Schema,
            [MadeUp.Key("Label", Classes, row => rows[row].True), MadeUp.Key("PredictedLabel", Classes, row => rows[row].Predicted),
            MadeUp.Scores("Score", null, row => Certain(Classes[(int)rows[row].Predicted - 1]))]));
    }

    static float[] Certain(string name) => name == "cat" ? [0.75f, 0.25f] : [0.25f, 0.75f];
}
