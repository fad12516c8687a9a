
namespace MlPipelines.Tests.Data.Balancing;

/// <summary>Rows that are a label and a number.</summary>
sealed class Labelled
{
    public string Label { get; init; } = "";
    public int Number { get; init; }

    public static IDataView Rows(params (string Label, int Count)[] classes) => new DataOperationsCatalog(1).LoadFromEnumerable(
        classes.SelectMany(one => Enumerable.Range(0, one.Count).Select(number => new Labelled { Label = one.Label, Number = number })));

    public static Dictionary<string, int> Counts(IDataView view) => view.GetColumn<string>("Label").CountBy(label => label).ToDictionary();

    public static long[] Ids(IDataView view, Pass pass = default) => [.. view.Read(row => row.Id, new() { Pass = pass })];
}
