using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>The scored data view that was sorted, unchanged, with what was found wrong in it.
/// Evaluating it does not score it again.</summary>
public sealed class SortedMistakes : IDataView
{
    readonly IDataView scored;

    internal SortedMistakes(IDataView scored, ScoredColumns columns, ScoredRows rows, string folder, ImmutableArray<Mistake> mistakes,
        ImmutableArray<SkippedRow> skipped) =>
        (this.scored, Columns, Rows, Folder, Mistakes, Skipped) = (scored, columns, rows, folder, mistakes, skipped);

    /// <summary>Where the copies are.</summary>
    public string Folder { get; }

    /// <summary>The rows predicted wrongly, in the order of the data.</summary>
    public ImmutableArray<Mistake> Mistakes { get; }

    /// <summary>Rows that could not be read, and mistakes that could not be copied.</summary>
    public ImmutableArray<SkippedRow> Skipped { get; }

    /// <inheritdoc/>
    public DataViewSchema Schema => scored.Schema;

    /// <inheritdoc/>
    public bool CanShuffle => scored.CanShuffle;

    /// <inheritdoc/>
    public long? GetRowCount() => scored.GetRowCount();

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        scored.GetRowCursor(columnsNeeded, rand);

    /// <inheritdoc/>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        scored.GetRowCursorSet(columnsNeeded, n, rand);

    internal ScoredColumns Columns { get; }
    internal ScoredRows Rows { get; }
}
