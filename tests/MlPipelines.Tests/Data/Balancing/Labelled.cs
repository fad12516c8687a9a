
namespace MlPipelines.Tests.Data.Balancing;

/// <summary>Rows that are a label and a number.</summary>
sealed class Labelled
{
    public string Label { get; init; } = "";
    public int Number { get; init; }

    public static IDataView Rows(params (string Label, int Count)[] classes) => new MLContext(1).Data.LoadFromEnumerable(
        classes.SelectMany(one => Enumerable.Range(0, one.Count)
            .Select(number => new Labelled { Label = one.Label, Number = number })).ToArray());

    public static Dictionary<string, int> Counts(IDataView view) => view.GetColumn<string>("Label").CountBy(label => label).ToDictionary();

    public static (string Label, int Number)[] Read(IDataView view) =>
        [.. view.Rows("Label", "Number").Select(row => (row.Get<string>("Label"), row.Get<int>("Number")))];

    public static long[] Ids(IDataView view) => view.Ids();
}
