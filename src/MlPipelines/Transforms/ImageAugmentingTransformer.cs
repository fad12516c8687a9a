using System.Collections.Immutable;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Changes images at random while a trainer learns from them, and has it mix the samples of a batch; otherwise they pass as they are.</summary>
/// <param name="OutputColumn">Column of the changed images.</param>
/// <param name="InputColumn">Column of the images.</param>
/// <param name="Seed">What the changes depend on, with the epoch and the sample, and with nothing else.</param>
/// <param name="Augmentations">The changes, in order; those that mix samples come after all others.</param>
public sealed record ImageAugmentingTransformer(string OutputColumn, string InputColumn, int Seed, ImmutableArray<Augmentation> Augmentations) : RowTransformer
{
    /// <summary>The changes of one image, drawn.</summary>
    /// <param name="size">Of the image, before the first change.</param>
    /// <param name="epoch">Which time a trainer goes through the samples, from 0.</param>
    /// <param name="sample">The row's <see cref="DataViewRow.Id"/>.</param>
    public IReadOnlyList<ImageChange> Draw(ImageSize size, int epoch, long sample)
    {
        var dice = Dice.For(Seed, epoch, sample);
        var changes = new List<ImageChange>();
        foreach (var (part, augmentation) in Augmentations.Index())
        {
            var own = dice.Split(part);
            if (augmentation is ImageAugmentation image)
                changes.AddRange(image.Draw(ref own, size).Parts);
        }
        return changes;
    }

    protected override IEnumerable<MappedColumn> Map(DataViewSchema input)
    {
        var column = Needs<ImageDataViewType>(input, InputColumn, "an image");
        yield return new(OutputColumn, column.Type, (row, pass) => pass.Fitting ? Augment((Image)row.GetValue(column.Index), pass.Epoch, row.Id) : row.GetValue(column.Index), Random: true);
    }

    protected override ImmutableArray<ISampleMixing> Mixings => [.. Augmentations.OfType<ISampleMixing>()];

    Image Augment(Image image, int epoch, long sample) => ImageChange.Apply(image, Draw(new(image.Width, image.Height), epoch, sample));
}
