namespace MlPipelines;

/// <summary>Some rows of a view: as many of each class, evenly from all that there are, and so the same ones each time.</summary>
static class ClassSample
{
    /// <summary>The fewest of a class.</summary>
    const int FewestOfClass = 3;

    /// <param name="all">All rows.</param>
    /// <param name="labelColumn">The column of the classes.</param>
    /// <param name="most">The most rows.</param>
    /// <param name="among">The classes that are wanted; null for all.</param>
    public static PickedView Of(IDataView all, string labelColumn, int most, IReadOnlyCollection<string>? among = null)
    {
        var labels = ClassLabels.Of(all, labelColumn);
        var wanted = labels.Classes.Where(one => among?.Contains(one.Key) ?? true).Select(one => one.Value).ToArray();
        var classes = Evenly(wanted, most / FewestOfClass);
        var each = Math.Max(most / Math.Max(classes.Length, 1), FewestOfClass);
        return PickedView.Of(all, classes.SelectMany(rows => Evenly([.. rows], each)), labels.Count);
    }

    static T[] Evenly<T>(T[] all, int count) =>
        all.Length <= count ? all : [.. Enumerable.Range(0, count).Select(i => all[(int)((long)i * all.Length / count)])];
}
