using System.Collections.Immutable;
using System.Globalization;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Originals in the first row, and what a trainer gets of them in each epoch in a row of its own,
/// each with what was drawn.</summary>
sealed class AugmentationSheet
{
    /// <summary>Small pictures are magnified to at most this.</summary>
    const int Side = 128;

    readonly List<SkippedRow> skipped = [];
    readonly IDataView view;
    readonly LabelColumn? label;
    readonly ImageAugmentingTransformer[] augmenting;
    readonly string picture, labelColumn;
    readonly int seed;

    /// <param name="data">The rows that the first step gets.</param>
    /// <param name="pipeline">A step AugmentImages, or steps with one among them; those after it are left out.</param>
    /// <param name="labelColumn">Column of the classes; where there is none, nothing is said of them.</param>
    /// <param name="seed">What the choice depends on, and how a batch is mixed.</param>
    /// <exception cref="ArgumentException">No step is AugmentImages.</exception>
    internal AugmentationSheet(IDataView data, ITransformer pipeline, string labelColumn, int seed)
    {
        var all = pipeline.Steps().ToArray();
        var last = Array.FindLastIndex(all, step => step is ImageAugmentingTransformer);
        if (last < 0)
            throw new ArgumentException("pipeline: has no step AugmentImages, "
                + $"only {string.Join(", ", all.Select(step => step.GetType().Name))}. Append one.", nameof(pipeline));
        view = all.Take(last + 1).Aggregate(data, (view, step) => step.TransformForTraining(view));
        augmenting = [.. all.OfType<ImageAugmentingTransformer>()];
        (this.seed, this.labelColumn, picture) = (seed, labelColumn, augmenting[^1].OutputColumn);
        label = view.Schema.GetColumnOrNull(labelColumn) is null ? null : LabelColumn.Of(view.Schema, labelColumn);
    }

    internal IReadOnlyList<SkippedRow> Skipped => skipped;

    /// <summary>The sheet as a page needs it: of large images few, and no wider than a screen.</summary>
    /// <param name="width">Width of the images.</param>
    /// <param name="height">Their height.</param>
    /// <param name="cancellation">Ends the reading.</param>
    internal Image ForPage(int width, int height, CancellationToken cancellation)
    {
        const int most = 8, epochs = 2, mostPixels = 1 << 24, screen = 1200;
        var count = (int)Math.Clamp(mostPixels / ((epochs + 1L) * width * height), 1, most);
        var sheet = Draw(count, epochs, cancellation).Render();
        return sheet.Width <= screen ? sheet
            : sheet.Resize(screen, Math.Max(1, sheet.Height * screen / sheet.Width), ResizingKind.Fill);
    }

    internal PictureSheet Draw(int count, int epochs, CancellationToken cancellation)
    {
        var names =
            string.Join(", ", augmenting.SelectMany(step => step.Augmentations).Select(augmentation => augmentation.GetType().Name));
        var chosen = Choose(count, cancellation);
        var mixings = PictureColumns.MixingsOf(view, picture);
        var rows = new List<SheetRow> { new("original", "", [.. chosen.Select(one => Sized(one.Original, one.Caption))]) };
        var pixels = chosen.Sum(one => (long)one.Original.Width * one.Original.Height);
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            cancellation.ThrowIfCancellationRequested();
            pixels = PictureSheet.Counted(pixels + rows[0].Pictures.Sum(one => (long)one.Width * one.Height));
            var batch = chosen.Select(one => Augmented(one, epoch)).ToArray();
            if (!mixings.IsEmpty)
                batch = MixedPictures.Mix(batch, mixings, Dice.For(seed, epoch, 0));
            rows.Add(new($"epoch {epoch + 1}", "", [.. batch.Select(one => Sized(one.Image, one.Caption))]));
        }
        return new(names.Length == 0 ? "No augmentations" : names, rows);
    }

    sealed record Chosen(Picture Picture, Image Original, string Class, string Caption);

    List<Chosen> Choose(int count, CancellationToken cancellation)
    {
        var candidates = DrawnRows.Mixed(label is null ? [DrawnRows.Of(view, seed)] : DrawnRows.Of(ClassLabels.Of(view, labelColumn), seed),
            seed).ToArray();
        var chosen = new List<Chosen>();
        for (var (tried, pixels) = (0, 0L); chosen.Count < count && tried < candidates.Length; tried += count)
        {
            var places = candidates.Skip(tried).Take(count).ToArray();
            var found = view.ReadAt(places, [picture, .. label is null ? Array.Empty<string>() : [labelColumn]], Read,
                new() { Skipped = skipped.Add, Prefetch = 0 }, cancellation);
            foreach (var one in places.Where(found.ContainsKey).Select(place => found[place]).Take(count - chosen.Count))
            {
                pixels = PictureSheet.Counted(pixels + (long)one.Original.Width * one.Original.Height);
                chosen.Add(one);
            }
        }
        return chosen.Count > 0 ? chosen
            : throw new InvalidDataException($"Augmentations: none of the {candidates.Length} images can be "
                + $"read{(skipped is [var first, ..] ? $", the first {first}" : ".")}");
    }

    Chosen Read(RowValues row)
    {
        var (shown, name) = (row.Get<Picture>(picture), label?.NameOf(row[labelColumn]));
        var original = (shown with { Changes = [.. shown.Changes.Where(change => !change.IsRandom)] }).Draw(0).Decoded();
        var file = row.Name.StartsWith("row ", StringComparison.Ordinal) ? $"row {row.Id.ToString(CultureInfo.InvariantCulture)}"
            : Path.GetFileName(row.Name);
        return new(shown, original, name ?? "", string.Join('\n', new[] { name, file }.OfType<string>().Select(DisplayText.Visible)));
    }

    static MixedPicture Augmented(Chosen one, int epoch)
    {
        var (image, drawn) = (one.Picture.Image, ImmutableArray.CreateBuilder<string>());
        foreach (var change in one.Picture.Changes)
        {
            drawn.AddRange(change.Describe(new(image.Width, image.Height), one.Picture.Id, epoch));
            image = change.Apply(image, one.Picture.Id, epoch);
        }
        return new(one.Picture.Id, one.Class, image, drawn.Count == 0 ? "unchanged" : string.Join(", ", drawn));
    }

    static SheetPicture Sized(Image image, string caption) => new(image, caption, Math.Max(1, Side / Math.Max(image.Width, image.Height)));
}
