using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>An image on a map of images.</summary>
/// <param name="Name">What it is called, such as its file.</param>
/// <param name="Image">The image.</param>
/// <param name="Class">Its class; null where it is not known.</param>
public sealed record MappedImage(string Name, Image Image, string? Class = null);

/// <summary>Pictures of where images lie to each other.</summary>
public static class EmbeddingVerbs
{
    /// <summary>Saves where images lie to each other for a network: .svg or .png, points coloured by class; or .html, a page of its own
    /// that shows the image of the point one looks at. What the network takes for another class has a ring.</summary>
    /// <param name="explainer">The network.</param>
    /// <param name="images">The images.</param>
    /// <param name="path">Where to; a file of that name is replaced.</param>
    /// <param name="layout">Vectors to points, such as <see cref="Embedding.OfPrincipalComponents"/>; null for t-SNE, its perplexity a
    /// quarter of the images where there are few.</param>
    /// <param name="layer">The layer whose numbers are compared; null for the features that the classifier starts from.</param>
    /// <returns>The chart that was saved.</returns>
    /// <exception cref="ArgumentException">There are too few images, there is no such layer, or the extension is another.</exception>
    /// <exception cref="InvalidDataException">An image cannot be read.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static ScatterChart SaveMap(this NetworkExplainer explainer, IReadOnlyList<MappedImage> images, string path,
        Func<IReadOnlyList<float[]>, Embedding>? layout = null, string? layer = null)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        ArgumentNullException.ThrowIfNull(images);
        var extension = Path.GetExtension(Check.Named(path)).ToUpperInvariant();
        if (extension is not (".SVG" or ".PNG" or ".HTML" or ".HTM"))
            throw new ArgumentException($"{path}: got the extension '{Path.GetExtension(path)}', needs .png, .svg or .html.", nameof(path));
        float[][] vectors = [.. explainer.Vectors(images.Select(image => image.Image), layer)];
        var embedding = (layout ?? (all => Embedding.OfTsne(all, Few(all.Count))))(vectors);
        // Classes that the network does not know say nothing about what it takes for what.
        var known = images.Select(image => image.Class).OfType<string>().Select(NormalForm.Of).Intersect(explainer.Labels).ToHashSet();
        var predicted = explainer.Labels.IsEmpty ? null : explainer.MostProbable(images.Select(image => image.Image)).ToArray();
        var chart = new ScatterChart($"{images.Count} images by {layer ?? "the features that the classifier starts from"}",
            [.. images.Select((image, i) => new ScatterPoint(embedding.Points[i].X, embedding.Points[i].Y,
                image.Class ?? predicted?[i] ?? "image")
            {
                IsMarked = image.Class is { } own && known.Contains(NormalForm.Of(own)) && NormalForm.Of(own) != predicted![i],
            })])
        {
            Mark = known.Count > 0 ? "taken for another" : null,
        };
        if (extension is ".SVG" or ".PNG")
            chart.Save(path);
        else
            AtomicFile.WriteWithFolder(path, MapPage.Of(chart, images, predicted));
        return chart;
    }

    static TsneOptions Few(int count) => new() { Perplexity = Math.Clamp(count / 4.0, 1, 30) };
}
