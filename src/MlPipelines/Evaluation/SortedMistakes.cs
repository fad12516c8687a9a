using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>The scored data view that was sorted, unchanged, with what was found wrong in it. Evaluating it does not score it again.</summary>
public sealed class SortedMistakes : IDataView
{
    readonly IDataView scored;

    internal SortedMistakes(IDataView scored, ScoredColumns columns, ScoredRows rows, string folder, ImmutableArray<Mistake> mistakes, ImmutableArray<SkippedRow> skipped) =>
        (this.scored, Columns, Rows, Folder, Mistakes, Skipped) = (scored, columns, rows, folder, mistakes, skipped);

    /// <summary>Where the copies are.</summary>
    public string Folder { get; }

    /// <summary>The rows predicted wrongly, in the order of the data.</summary>
    public ImmutableArray<Mistake> Mistakes { get; }

    /// <summary>Rows that could not be read, and mistakes that could not be copied.</summary>
    public ImmutableArray<SkippedRow> Skipped { get; }

    public DataViewSchema Schema => scored.Schema;
    public long RowCount => scored.RowCount;
    public bool Repeats => scored.Repeats;
    public DataViewRow GetRow(long position, Pass pass = default) => scored.GetRow(position, pass);

    internal ScoredColumns Columns { get; }
    internal ScoredRows Rows { get; }
}
