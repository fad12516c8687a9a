using System.Collections.Immutable;
using System.Numerics.Tensors;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>An image that was learnt from, as near as it lies to another.</summary>
/// <param name="Place">Its place among those that were learnt from, from 0.</param>
/// <param name="Path">Its file; null where the rows have none.</param>
/// <param name="Label">Name of its class.</param>
/// <param name="Similarity">Cosine of the angle between the features, at most 1.</param>
public sealed record TrainingNeighbour(int Place, string? Path, string Label, float Similarity);

/// <summary>What a model has learnt from that is like an image.</summary>
public static class TrainingNeighbours
{
    /// <summary>The nearest of the images that were learnt from, by the features that the classifier starts from.</summary>
    /// <param name="explainer">Of the model.</param>
    /// <param name="images">The images that are looked at.</param>
    /// <param name="learntFrom">Rows with ImagePath, or a column of images, and Label. Those that cannot be read are left out.</param>
    /// <param name="count">How many of each.</param>
    /// <param name="layer">The layer whose numbers are compared; null for the features that the classifier starts from.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>For each image its neighbours, the nearest first.</returns>
    /// <exception cref="ArgumentException">A column is missing or of another type, or there is no such layer.</exception>
    /// <exception cref="Graphs.GraphException">The network has no features that a classifier starts from.</exception>
    /// <exception cref="InvalidDataException">One of <paramref name="images"/> cannot be read.</exception>
    public static ImmutableArray<ImmutableArray<TrainingNeighbour>> FindNeighbours(this NetworkExplainer explainer,
        IEnumerable<Image> images, IDataView learntFrom, int count = 3, string? layer = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(learntFrom);
        Check.AtLeast(count, 1);
        float[][] asked = [.. explainer.Vectors(images, layer).Select(Unit)];
        var nearest = asked.Select(_ => new PriorityQueue<TrainingNeighbour, float>()).ToArray();
        if (asked.Length == 0)
            return [];
        foreach (var (row, vector) in Rows(explainer, learntFrom, layer, cancellation))
            for (var i = 0; i < asked.Length; i++)
            {
                var similarity = TensorPrimitives.Dot<float>(asked[i], vector);
                nearest[i].Enqueue(row with { Similarity = similarity }, similarity);
                if (nearest[i].Count > count)
                    nearest[i].Dequeue();
            }
        return [.. nearest.Select(queue => queue.UnorderedItems.Select(item => item.Element)
            .OrderByDescending(one => one.Similarity).ThenBy(one => one.Place).ToImmutableArray())];
    }

    // In batches, so that no more images are in memory than the network takes at once.
    static IEnumerable<(TrainingNeighbour Row, float[] Vector)> Rows(NetworkExplainer explainer, IDataView data, string? layer,
        CancellationToken cancellation)
    {
        var label = LabelColumn.Of(data.Schema, "Label");
        var path = data.Schema.FindText(RowSelection.PathColumn) is null ? null : RowSelection.PathColumn;
        var picture = path ?? data.Schema.PictureColumns().LastOrDefault()
            ?? throw new ArgumentException($"Column '{RowSelection.PathColumn}': not found, and there is no column of images.");
        var read = data.Read(new[] { label.Name, picture }, row => (
            Row: new TrainingNeighbour((int)row.Place, path is null ? null : row.Get<string>(path), label.NameOf(row[label.Name]) ?? "", 0),
            Image: explainer.Seen(path is null ? row.Get<Picture>(picture).Draw(0) : ArchivePath.Image(row.Get<string>(path)))),
            cancellation: cancellation);
        foreach (var batch in read.Where(one => one.Row.Label.Length > 0).Chunk(ScoredNetwork.BatchSize))
            foreach (var (one, vector) in batch.Zip(explainer.Vectors(batch.Select(one => one.Image), layer)))
                yield return (one.Row, Unit(vector));
    }

    static float[] Unit(float[] vector)
    {
        var length = TensorPrimitives.Norm<float>(vector);
        return length > 0 ? Array.ConvertAll(vector, value => value / length) : vector;
    }
}
