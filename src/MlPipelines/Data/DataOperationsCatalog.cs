using System.Diagnostics.CodeAnalysis;

namespace MlPipelines;

/// <summary>What <c>MLContext.Data</c> can do: load, split, shuffle, filter, cache.</summary>
/// <param name="seed">Seed of splits and shuffles that are given none of their own.</param>
/// <param name="warn">Told, as (source, message), of what was left out on the way.</param>
[SuppressMessage("Performance", "CA1822", Justification = "The verbs of a catalog are called on the catalog, as in ML.NET.")]
public sealed partial class DataOperationsCatalog(int seed, Action<string, string>? warn = null)
{
    /// <summary>The rows in a random order that depends on the seed alone.</summary>
    public IDataView ShuffleRows(IDataView input, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new IndexedView(input, () =>
        {
            var order = Positions(input.RowCount).ToArray();
            Dice.For(seed ?? DefaultSeed, ShuffleKey).Shuffle(order.AsSpan());
            return order;
        });
    }

    /// <summary>The first <paramref name="count"/> rows, or all if there are fewer.</summary>
    public IDataView TakeRows(IDataView input, long count)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new IndexedView(input, Positions(Math.Min(Check.AtLeast(count, 0), input.RowCount)));
    }

    /// <summary>All rows but the first <paramref name="count"/>.</summary>
    public IDataView SkipRows(IDataView input, long count)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new IndexedView(input, Positions(input.RowCount).Where(position => position >= Check.AtLeast(count, 0)));
    }

    /// <summary>Leaves out the rows of which <paramref name="filterPredicate"/> says true, as ML.NET does.</summary>
    /// <remarks>A row that cannot be read stays, so that whoever reads it reports it.</remarks>
    public IDataView FilterByCustomPredicate<TSrc>(IDataView input, Func<TSrc, bool> filterPredicate) where TSrc : class, new()
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(filterPredicate);
        var fill = RowBinding<TSrc>.Of(input.Schema, SchemaDefinition.Create(typeof(TSrc)), ignoreMissingColumns: false);
        return new IndexedView(input, () => [.. input.Read(row => Dropped(row, fill, filterPredicate)).Index().Where(row => !row.Item).Select(row => (long)row.Index)]);
    }

    /// <summary>Keeps in memory what is read of the rows.</summary>
    /// <param name="input">The rows.</param>
    /// <param name="columnsToPrefetch">Columns that are read now, for all rows; the others when they are asked for.</param>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public IDataView Cache(IDataView input, params string[] columnsToPrefetch)
    {
        var cached = new CachedView(input);
        var columns = columnsToPrefetch.Select(name => input.Schema.Find(name).Index).ToArray();
        if (columns.Length > 0)
            foreach (var _ in cached.Read(row => Array.ConvertAll(columns, row.GetValue)))
                continue;
        return cached;
    }

    const long ShuffleKey = 1, SplitKey = 2;

    internal int DefaultSeed => seed;

    internal void Warn(string source, string message) => warn?.Invoke(source, message);

    static bool Dropped<TSrc>(DataViewRow row, RowBinding<TSrc> binding, Func<TSrc, bool> predicate) where TSrc : class, new()
    {
        try
        {
            var item = new TSrc();
            binding.Fill(row, item);
            return predicate(item);
        }
        catch (Exception exception) when (RowReader.IsUnreadable(exception))
        {
            return false;
        }
    }

    static IEnumerable<long> Positions(long count)
    {
        for (var position = 0L; position < count; position++)
            yield return position;
    }
}
