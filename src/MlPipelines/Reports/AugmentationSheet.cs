using System.Globalization;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Originals in the first row, and what a trainer gets of them in each epoch in a row of its own, each with what was drawn.</summary>
sealed class AugmentationSheet
{
    /// <summary>Small pictures are magnified to at most this.</summary>
    const int Side = 128;

    readonly List<(ImageAugmentingTransformer Step, IDataView Input)> steps = [];
    readonly List<SkippedRow> skipped = [];
    readonly IDataView view;
    readonly ClassLabels? labels;
    readonly PictureColumn picture;
    readonly int seed;

    /// <param name="data">The rows that the first step gets.</param>
    /// <param name="pipeline">A step AugmentImages, or steps with one among them; those after it are left out.</param>
    /// <param name="labelColumn">Column of the classes; where there is none, nothing is said of them.</param>
    /// <param name="seed">What the choice depends on, and how a batch is mixed.</param>
    /// <exception cref="ArgumentException">No step is AugmentImages.</exception>
    internal AugmentationSheet(IDataView data, ITransformer pipeline, string labelColumn, int seed)
    {
        var all = Steps(pipeline).ToArray();
        var last = Array.FindLastIndex(all, step => step is ImageAugmentingTransformer);
        if (last < 0)
            throw new ArgumentException($"pipeline: has no step AugmentImages, only {string.Join(", ", all.Select(step => step.GetType().Name))}. Append one.", nameof(pipeline));
        view = data;
        foreach (var step in all.Take(last + 1))
        {
            if (step is ImageAugmentingTransformer augmenting)
                steps.Add((augmenting, view));
            view = step is IFittingTransformer fitting ? fitting.TransformForFitting(view) : step.Transform(view);
        }
        this.seed = seed;
        picture = new(view.Schema, steps[^1].Step.OutputColumn);
        labels = view.Schema.GetColumnOrNull(labelColumn) is null ? null : ClassLabels.Of(view.Schema, labelColumn);
    }

    internal IReadOnlyList<SkippedRow> Skipped => skipped;

    internal PictureSheet Draw(int count, int epochs, CancellationToken cancellation)
    {
        var names = string.Join(", ", steps.SelectMany(step => step.Step.Augmentations).Select(augmentation => augmentation.GetType().Name));
        var chosen = Choose(count, cancellation);
        var rows = new List<SheetRow> { new("original", "", [.. chosen.Select(one => Sized(one.Picture, one.Caption))]) };
        var pixels = chosen.Sum(one => (long)one.Picture.Width * one.Picture.Height);
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            cancellation.ThrowIfCancellationRequested();
            pixels = PictureSheet.Counted(pixels + rows[0].Pictures.Sum(one => (long)one.Width * one.Height));
            var batch = chosen.Select(one => Augmented(one.Position, epoch)).ToArray();
            if (!view.Mixings.IsEmpty)
                batch = MixedPictures.Mix(batch, view.Mixings, Dice.For(seed, epoch, 0));
            rows.Add(new($"epoch {epoch + 1}", "", [.. batch.Select(one => Sized(one.Image, one.Caption))]));
        }
        return new(names.Length == 0 ? "No augmentations" : names, rows);
    }

    List<(long Position, Image Picture, string Caption)> Choose(int count, CancellationToken cancellation)
    {
        var candidates = labels is null ? [DrawnRows.Of(view, seed)] : DrawnRows.Of(view, labels, seed);
        var chosen = new List<(long, Image, string)>();
        var pixels = 0L;
        foreach (var position in DrawnRows.Mixed(candidates, seed))
        {
            cancellation.ThrowIfCancellationRequested();
            if (chosen.Count == count)
                break;
            PictureSheet.Counted(pixels);
            var row = view.GetRow(position);
            try
            {
                var image = picture.Of(row);
                _ = image.Pixels;
                pixels += (long)image.Width * image.Height;
                chosen.Add((position, image, Caption(row)));
            }
            catch (Exception exception) when (RowReader.IsUnreadable(exception))
            {
                skipped.Add(SkippedRow.Of(row, exception));
            }
        }
        return chosen.Count > 0 ? chosen : throw new InvalidDataException($"Augmentations: none of the {view.RowCount} images can be read{(skipped is [var first, ..] ? $", the first {first}" : ".")}");
    }

    MixedPicture Augmented(long position, int epoch)
    {
        var pass = Pass.Fit(epoch);
        var row = view.GetRow(position, pass);
        return new(row.Id, labels?.ClassOf(row) ?? "", picture.Of(row), string.Join(", ", steps.SelectMany(step => Drawn(step.Step, step.Input.GetRow(position, pass), epoch))) is { Length: > 0 } drawn ? drawn : "unchanged");
    }

    static IEnumerable<string> Drawn(ImageAugmentingTransformer step, DataViewRow row, int epoch)
    {
        var image = row.Get<Image>(step.InputColumn);
        var size = new ImageSize(image.Width, image.Height);
        return step.Draw(size, epoch, row.Id).Select(change => change.Describe(size)).Where(text => text.Length > 0);
    }

    string Caption(DataViewRow row)
    {
        var file = row.Schema.GetColumnOrNull("ImagePath") is { Type: TextDataViewType } column ? Path.GetFileName((string)row.GetValue(column.Index)) : $"row {row.Id.ToString(CultureInfo.InvariantCulture)}";
        return string.Join('\n', new[] { labels?.ClassOf(row), file }.OfType<string>().Select(DisplayText.Visible));
    }

    static SheetPicture Sized(Image image, string caption) => new(image, caption, Math.Max(1, Side / Math.Max(image.Width, image.Height)));

    static IEnumerable<ITransformer> Steps(ITransformer pipeline) => pipeline is IEnumerable<ITransformer> chain ? chain.SelectMany(Steps) : [pipeline];
}
