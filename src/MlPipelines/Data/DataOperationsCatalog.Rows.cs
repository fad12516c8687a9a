
namespace MlPipelines;

public sealed partial class DataOperationsCatalog
{
    /// <summary>Keeps the rows whose number in a column lies in [<paramref name="lowerBound"/>, <paramref name="upperBound"/>); NaN does not.</summary>
    /// <remarks>A row that cannot be read stays, so that whoever reads it reports it.</remarks>
    /// <exception cref="ArgumentException">There is no such column, or it holds no numbers.</exception>
    public IDataView FilterRowsByColumn(IDataView input, string columnName, double lowerBound = double.NegativeInfinity, double upperBound = double.PositiveInfinity)
    {
        ArgumentNullException.ThrowIfNull(input);
        var column = Numbers(input, columnName);
        return Where(input, row => Convert.ToDouble(row.GetValue(column)) is var value && value >= lowerBound && value < upperBound);
    }

    /// <summary>Keeps the rows that have a number, and not NaN, in all these columns.</summary>
    /// <remarks>A row that cannot be read stays, so that whoever reads it reports it.</remarks>
    /// <exception cref="ArgumentException">There is no such column, or it holds no numbers.</exception>
    public IDataView FilterRowsByMissingValues(IDataView input, params string[] columns)
    {
        ArgumentNullException.ThrowIfNull(input);
        var numbers = columns.Select(name => Numbers(input, name)).ToArray();
        return Where(input, row => numbers.All(column => !double.IsNaN(Convert.ToDouble(row.GetValue(column)))));
    }

    /// <summary>Draws as many rows, on average, as there are, with replacement: each is there n times with the probability of n in a Poisson distribution of mean 1. Copies follow one another.</summary>
    /// <param name="input">The rows.</param>
    /// <param name="seed">Seed of the draw; null for the context's.</param>
    /// <param name="complement">True for the rows that the same draw leaves out.</param>
    /// <remarks>Source: Efron 1979 for the bootstrap; the Poisson draw is ML.NET's.</remarks>
    public IDataView BootstrapSample(IDataView input, int? seed = null, bool complement = false)
    {
        ArgumentNullException.ThrowIfNull(input);
        int Times(long position) => PoissonOfOne(Dice.For(seed ?? DefaultSeed, BootstrapKey, input.GetRow(position).Id).Unit());
        return complement
            ? new IndexedView(input, Positions(input.RowCount).Where(position => Times(position) == 0))
            : new RepeatedView(input, Positions(input.RowCount).SelectMany(position => Enumerable.Range(0, Times(position)).Select(copy => new RepeatedRow(position, copy))));
    }

    const long BootstrapKey = 6;

    static int PoissonOfOne(double uniform)
    {
        var (count, probability) = (0, Math.Exp(-1));
        for (var below = probability; uniform >= below && probability > 0; below += probability)
            probability /= ++count;
        return count;
    }

    static int Numbers(IDataView input, string name) => input.Schema.Find(name) is { Type: PrimitiveDataViewType } column ? column.Index
        : throw new ArgumentException($"Column '{name}': holds {input.Schema.Find(name).Type}, numbers are needed.");

    static IndexedView Where(IDataView input, Func<DataViewRow, bool> kept) => new(input, () => [.. input.Read(row => Kept(row, kept)).Index().Where(row => row.Item).Select(row => (long)row.Index)]);

    static bool Kept(DataViewRow row, Func<DataViewRow, bool> kept)
    {
        try
        {
            return kept(row);
        }
        catch (Exception exception) when (RowReader.IsUnreadable(exception))
        {
            return true;
        }
    }
}
