using System.Collections.Immutable;
using MlPipelines.Data;
using MlPipelines.Imaging;
using MlPipelines.Pipelines;

namespace MlPipelines.Augmentations;

/// <summary>Changes images at random while a trainer learns from them; otherwise they pass as they are.</summary>
/// <param name="OutputColumn">Column of the changed images.</param>
/// <param name="InputColumn">Column of the images.</param>
/// <param name="Seed">What the changes depend on, with the epoch and the sample, and with nothing else.</param>
/// <param name="Augmentations">The changes, in order.</param>
public sealed record ImageAugmentingTransformer(string OutputColumn, string InputColumn, int Seed, ImmutableArray<Augmentation> Augmentations) : RowTransformer
{
    protected override IEnumerable<MappedColumn> Map(DataViewSchema input)
    {
        var column = Needs<ImageDataViewType>(input, InputColumn, "an image");
        yield return new(OutputColumn, column.Type, (row, pass) => pass.Fitting ? Augment((Image)row.GetValue(column.Index), pass.Epoch, row.Id) : row.GetValue(column.Index), Random: true);
    }

    Image Augment(Image image, int epoch, long sample)
    {
        var dice = Dice.For(Seed, epoch, sample);
        return ImageChange.Apply(image, Draw(dice, new(image.Width, image.Height)));
    }

    List<ImageChange> Draw(Dice dice, ImageSize size)
    {
        var changes = new List<ImageChange>();
        foreach (var (part, augmentation) in Augmentations.Index())
        {
            var own = dice.Split(part);
            changes.Add(augmentation.Draw(ref own, size));
        }
        return changes;
    }
}
