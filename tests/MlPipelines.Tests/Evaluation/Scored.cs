using System.Collections.Immutable;
using MlPipelines.Imaging;

namespace MlPipelines.Tests.Evaluation;

/// <summary>Made-up scored data: one certain prediction a row.</summary>
static class Scored
{
    internal static readonly ImmutableArray<string> Classes = ["cat", "dog"];

    /// <summary>Columns Label, PredictedLabel (text), Score with slot names, ImagePath. A path that begins with "broken" cannot be read.</summary>
    internal static IDataView Files(params (string Path, string True, string Predicted)[] rows) => new SourceView(
        new(Text("Label"), Text("PredictedLabel"), Scores(Classes), Text("ImagePath")), rows.Length, (row, column) => column switch
        {
            0 => rows[row].True,
            1 => rows[row].Predicted,
            2 => rows[row].Path.StartsWith("broken", StringComparison.Ordinal) ? throw new InvalidDataException($"{rows[row].Path}: not an image.") : Certain(rows[row].Predicted),
            _ => rows[row].Path,
        });

    /// <summary>Columns Label, PredictedLabel (keys), Score without slot names, Image.</summary>
    internal static IDataView Pictures(params (uint True, uint Predicted)[] rows) => new SourceView(
        new(new("Label", new KeyDataViewType(Classes)), new("PredictedLabel", new KeyDataViewType(Classes)), Scores(null), new("Image", new ImageDataViewType())), rows.Length, (row, column) => column switch
        {
            0 => rows[row].True,
            1 => rows[row].Predicted,
            2 => Certain(Classes[(int)rows[row].Predicted - 1]),
            _ => Image.FromPixels(1, 8, 1, [(byte)row, 255, 0, 1, 2, 3, 4, 5]),
        });

    internal static DataViewSchema.Column Text(string name) => new(name, new TextDataViewType());

    internal static DataViewSchema.Column Scores(ImmutableArray<string>? names) => new("Score", new VectorDataViewType(typeof(float), 2) { SlotNames = names });

    static float[] Certain(string name) => name == "cat" ? [0.75f, 0.25f] : [0.25f, 0.75f];
}
