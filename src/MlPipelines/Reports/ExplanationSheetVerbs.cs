using System.Globalization;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Pictures of what is inside a network.</summary>
public static class ExplanationSheetVerbs
{
    /// <summary>Small pictures are magnified to at most this.</summary>
    const int Side = 224;

    const int ShownClasses = 3;

    /// <summary>Saves what layers give for some images as one picture, .png or .jpg by the name's extension: a row an image, as the network
    /// gets it with its most probable classes, then the maps of each layer.</summary>
    /// <param name="explainer">The network.</param>
    /// <param name="images">The images.</param>
    /// <param name="layers">Names of <see cref="NetworkExplainer.Layers"/>.</param>
    /// <param name="path">Where to; a file of that name is replaced.</param>
    /// <param name="options">Which maps, and how; null for all in grey, scaled over the layer.</param>
    /// <exception cref="ArgumentException">There is no such layer, or the extension is another.</exception>
    /// <exception cref="InvalidDataException">An image cannot be read, or the picture would be too large.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static SavedSheet SaveLayers(this NetworkExplainer explainer, IEnumerable<Image> images, IReadOnlyList<string> layers,
        string path, MosaicOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        ArgumentNullException.ThrowIfNull(layers);
        return Saved(path, string.Join(", ", layers), images.Select(image => new SheetRow("", "", Alike(
            [Shown(explainer, image), .. explainer.Features(image, layers).Select(layer =>
                Magnified(layer.Mosaic(options), $"{layer.Layer} ({string.Join(", ", layer.Values.Shape)})"))]))));
    }

    /// <summary>Saves which places of some images speak for a class as one picture, .png or .jpg by the name's extension: a row an image,
    /// as the network gets it with its most probable classes, then the map of each way laid over it.</summary>
    /// <param name="explainer">The network.</param>
    /// <param name="images">The images.</param>
    /// <param name="methods">How it is found out.</param>
    /// <param name="path">Where to; a file of that name is replaced.</param>
    /// <param name="className">The class; null for the most probable one of each image.</param>
    /// <exception cref="ArgumentException">There is no such class or layer, or the extension is another.</exception>
    /// <exception cref="InvalidDataException">An image cannot be read, or the picture would be too large.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static SavedSheet SaveHeatMaps(this NetworkExplainer explainer, IEnumerable<Image> images, IReadOnlyList<Attribution> methods,
        string path, string? className = null)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        ArgumentNullException.ThrowIfNull(methods);
        return Saved(path, "Which places speak for a class, from blue to red", images.Select(image => new SheetRow("", "",
            [Shown(explainer, image), .. methods.Select(method => Overlaid(explainer, image, method, className))])));
    }

    /// <summary>Saves the filters of a layer as one picture, .png or .jpg by the name's extension; of several networks beside each
    /// other, such as one before and after it has learnt.</summary>
    /// <param name="explainers">The networks, each with what is written below it.</param>
    /// <param name="path">Where to; a file of that name is replaced.</param>
    /// <param name="layer">The convolution; null for the first one.</param>
    /// <param name="options">How many filters, and how.</param>
    /// <exception cref="ArgumentException">There is no such convolution, or the extension is another.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static SavedSheet SaveFilters(this IReadOnlyList<(string Name, NetworkExplainer Explainer)> explainers, string path,
        string? layer = null, MosaicOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(explainers);
        var filters = explainers.Select(one => (one.Name, Filters: one.Explainer.Filters(layer))).ToArray();
        return Saved(path, $"Filters of {string.Join(", ", filters.Select(one => one.Filters.Layer).Distinct())}", [new SheetRow("", "",
            [.. filters.Select(one => Magnified(one.Filters.Mosaic(options), $"{one.Name}\n{Sizes(one.Filters)}"))])]);
    }

    /// <summary>Saves what layers keep of some images as one picture, .png or .jpg by the name's extension: a row an image, as the network
    /// gets it with its most probable classes, then the image restored from what each layer gives for it, with the error left.</summary>
    /// <param name="explainer">The network.</param>
    /// <param name="images">The images.</param>
    /// <param name="inversions">Of each layer, the restored images in the order of <paramref name="images"/>, as
    /// <see cref="NetworkExplainer.Invert(IEnumerable{Image}, string, InversionOptions?, IProgress{long}?, CancellationToken)"/> gives
    /// them.</param>
    /// <param name="path">Where to; a file of that name is replaced.</param>
    /// <exception cref="ArgumentException">There are more or fewer restored images than images, or the extension is another.</exception>
    /// <exception cref="InvalidDataException">An image cannot be read, or the picture would be too large.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static SavedSheet SaveInversions(this NetworkExplainer explainer, IReadOnlyList<Image> images,
        IReadOnlyList<IReadOnlyList<Inversion>> inversions, string path)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(inversions);
        if (inversions.FirstOrDefault(layer => layer.Count != images.Count) is { } other)
            throw new ArgumentException($"inversions: got {other.Count} of a layer beside {images.Count} images, needs one of each image.",
                nameof(inversions));
        return Saved(path, "Images restored from what layers give for them", images.Index().Select(one => new SheetRow("", "",
            [Shown(explainer, one.Item), .. inversions.Select(layer => Restored(layer[one.Index]))])));
    }

    /// <summary>Saves images that units, channels and classes respond to most as one picture, .png or .jpg by the name's
    /// extension.</summary>
    /// <param name="maximizations">The images, as <see cref="NetworkExplainer.Maximize(ActivationTarget, MaximizationOptions?)"/> gives
    /// them.</param>
    /// <param name="path">Where to; a file of that name is replaced.</param>
    /// <exception cref="ArgumentException">There are none, or the extension is another.</exception>
    /// <exception cref="InvalidDataException">The picture would be too large.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static SavedSheet SaveMaximizations(this IReadOnlyList<Maximization> maximizations, string path)
    {
        const int columns = 6;
        ArgumentNullException.ThrowIfNull(maximizations);
        if (maximizations.Count == 0)
            throw new ArgumentException("maximizations: got none, needs one or more.", nameof(maximizations));
        return Saved(path, "Images that are responded to most", maximizations.Chunk(columns).Select(row => new SheetRow("", "",
            [.. row.Select(one => Magnified(one.Image, DisplayText.Visible($"{one.Target}")
                + string.Create(CultureInfo.InvariantCulture, $"\nactivation {one.Activation:0.00}")))])));
    }

    static SheetPicture Restored(Inversion inversion) => Magnified(inversion.Image, DisplayText.Visible(inversion.Layer)
        + string.Create(CultureInfo.InvariantCulture, $"\nerror {inversion.Error:0.0 %}"));

    static SheetPicture Overlaid(NetworkExplainer explainer, Image image, Attribution method, string? className)
    {
        var map = explainer.HeatMap(image, method, className);
        return Magnified(map.Overlay(explainer.Seen(image)), $"{method.GetType().Name}\n{Probability(map.Class, map.Score)}");
    }

    static string Sizes(LayerFilters filters)
    {
        var shape = filters.Kernel.Shape;
        return $"{shape[0]} filters of {shape[1]} channels, {shape[3]}×{shape[2]}";
    }

    static SheetPicture Shown(NetworkExplainer explainer, Image image) => Magnified(explainer.Seen(image), string.Join('\n',
        (string[])[DisplayText.Visible(Path.GetFileName(image.ToString())), .. MostProbable(explainer, image)]));

    static IEnumerable<string> MostProbable(NetworkExplainer explainer, Image image) => explainer.Labels.IsEmpty ? []
        : explainer.Labels.Zip(explainer.Probabilities(image)).OrderByDescending(one => one.Second).Take(ShownClasses)
            .Select(one => Probability(one.First, one.Second));

    static string Probability(string className, float share) =>
        $"{DisplayText.Visible(className)} {share.ToString("0.0 %", CultureInfo.InvariantCulture)}";

    static SheetPicture Magnified(Image image, string caption) =>
        new(image, caption, Math.Max(1, Side / Math.Max(image.Width, image.Height)));

    // Beside large mosaics small pictures would be lost.
    static SheetPicture[] Alike(SheetPicture[] pictures)
    {
        var side = pictures.Max(picture => Math.Max(picture.Width, picture.Height));
        return [.. pictures.Select(picture => new SheetPicture(picture.Image, picture.Caption,
            Math.Max(1, side / Math.Max(picture.Image.Width, picture.Image.Height))))];
    }

    static SavedSheet Saved(string path, string title, IEnumerable<SheetRow> rows)
    {
        PictureSheet.CheckedExtension(path);
        var pixels = 0L;
        var counted = new List<SheetRow>();
        foreach (var row in rows)
        {
            pixels = PictureSheet.Counted(pixels + row.Pictures.Sum(picture => (long)picture.Width * picture.Height));
            counted.Add(row);
        }
        var image = new PictureSheet(title, counted).Save(path);
        return new(path, image.Width, image.Height, []);
    }
}
