using System.Collections.Immutable;
using MlPipelines.Imaging;

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

    /// <summary>Rows that could not be read, and mistakes that could not be copied or explained.</summary>
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

    /// <summary>Puts beside each copy a picture, {copy}.heatmap.png, that shows which places of the image speak for the class
    /// predicted; the next run replaces them with the copies.</summary>
    /// <param name="explainer">Of the model that scored the rows.</param>
    /// <param name="method">How it is found out; null for <see cref="GradCam"/>.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The same data, with what was added; an image that cannot be read has no such picture and stands among
    /// what was skipped.</returns>
    /// <exception cref="ArgumentException">The model does not know a class that was predicted.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public SortedMistakes WithHeatMaps(NetworkExplainer explainer, Attribution? method = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        var (mistakes, skipped) = new MistakeFolder(Folder).AddPictures(Mistakes, Skipped, (mistake, copy) =>
        {
            cancellation.ThrowIfCancellationRequested();
            var image = Image.FromFile(copy);
            return explainer.HeatMap(image, method, mistake.Predicted).Overlay(explainer.Seen(image)).Encode(".png");
        });
        return new(scored, Columns, Rows, Folder, mistakes, skipped);
    }

    internal ScoredColumns Columns { get; }
    internal ScoredRows Rows { get; }
}
