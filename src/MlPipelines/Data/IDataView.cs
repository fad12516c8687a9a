using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>A table whose columns are computed when they are read; immutable, and safe to read from several threads.</summary>
public interface IDataView
{
    DataViewSchema Schema { get; }

    /// <summary>Number of rows.</summary>
    long RowCount { get; }

    /// <summary>Number of rows, as ML.NET asks for it; always known here.</summary>
    long? GetRowCount() => RowCount;

    /// <summary>False when a row differs from pass to pass (a random transform lies below), so that it must not be kept.</summary>
    bool Repeats => true;

    /// <summary>How a trainer mixes the samples of a batch; none for none.</summary>
    ImmutableArray<ISampleMixing> Mixings => [];

    /// <summary>One row; nothing of it is computed yet.</summary>
    /// <param name="position">From 0 to <see cref="RowCount"/> − 1.</param>
    /// <param name="pass">What the row is read for; random transforms depend on it.</param>
    DataViewRow GetRow(long position, Pass pass = default);
}

/// <summary>What rows are read for. The default is inference, in which random transforms do nothing.</summary>
/// <param name="Fitting">True while a trainer learns from the rows.</param>
/// <param name="Epoch">Which time a trainer goes through the rows, from 0.</param>
/// <param name="Repetition">0 for a row itself, another number for each of its copies.</param>
public readonly record struct Pass(bool Fitting, int Epoch, long Repetition = 0)
{
    /// <summary>Reading in order to learn.</summary>
    public static Pass Fit(int epoch) => new(true, epoch);

    /// <summary>The same reading of a copy of the row; copies of copies are told apart too.</summary>
    /// <param name="copy">0 for the row itself.</param>
    public Pass Repeat(long copy) => copy == 0 && Repetition == 0 ? this : this with { Repetition = Key(Repetition, copy) };

    /// <summary>The number of a sample in this reading. While a trainer learns, copies have numbers of their own, so that what is random differs; otherwise they are the sample that they are copies of.</summary>
    public long IdOf(long sample) => Fitting && Repetition != 0 ? Key(sample, Repetition) : sample;

    static long Key(long one, long other) => (long)Dice.For(one, other).Bits();
}

/// <summary>One row: columns are computed at their first reading and remembered while the row is used. For one thread at a time.</summary>
public abstract class DataViewRow
{
    public abstract DataViewSchema Schema { get; }

    /// <summary>Which sample this is; the same number after any filter, split or shuffle, so that randomness can be keyed by it. A view that makes rows takes it from <see cref="Pass.IdOf"/>.</summary>
    public abstract long Id { get; }

    /// <summary>The value in a column, by the column's index.</summary>
    /// <exception cref="InvalidDataException">The value cannot be had (an unreadable image); the message names the file and the reason.</exception>
    public abstract object GetValue(int column);

    /// <summary>The value in a column.</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    /// <exception cref="InvalidOperationException">The column holds another type.</exception>
    public T Get<T>(string column) => GetValue(Schema.Find(column).Index) switch
    {
        T value => value,
        var other => throw new InvalidOperationException($"Column '{column}': asked for {typeof(T).Name}, holds {other.GetType().Name}."),
    };
}
