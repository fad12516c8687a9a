using System.Collections.Immutable;
using System.Text.Json;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Changes images at random while a trainer learns from them, and has it mix the samples of a batch;
/// otherwise they pass as they are.</summary>
/// <param name="OutputColumn">Column of the changed images.</param>
/// <param name="InputColumn">Column of the images.</param>
/// <param name="Seed">What the changes depend on, with the epoch and the sample, and with nothing else.</param>
/// <param name="Augmentations">The changes, in order; those that mix samples come after all others.</param>
/// <remarks>While a chain is fitted, the steps after this one see changed images. Each cursor over them is a draw of its own, so that a
/// trainer of ML.NET that passes several times is given others each time.</remarks>
public sealed record ImageAugmentingTransformer(string OutputColumn, string InputColumn, int Seed,
    ImmutableArray<Augmentation> Augmentations) : RowStep
{
    /// <summary>The changes of one image, drawn.</summary>
    /// <param name="size">Of the image, before the first change.</param>
    /// <param name="epoch">Which time a trainer goes through the samples, from 0.</param>
    /// <param name="sample">Number of the sample.</param>
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

    /// <summary>The same pictures, changed only for a trainer of this library that learns from them.</summary>
    /// <exception cref="ArgumentException">The column is missing or holds no images.</exception>
    public override IDataView Transform(IDataView input) => new LearnersView(base.Transform(input), ForTraining(input));

    private protected override IDataView TransformWhileFitting(IDataView input) => ForTraining(input);

    RandomView ForTraining(IDataView input) => new(input, epoch => [Changed(input.Schema, epoch)], Augmentations.OfType<ISampleMixing>());

    private protected override IEnumerable<AddedColumn> Map(DataViewSchema input) =>
        [new(OutputColumn, Check(input), [InputColumn], row => row.GetGetter<MLImage>(row.Schema[InputColumn]))];

    internal AddedColumn Changed(DataViewSchema input, int epoch) =>
        new(OutputColumn, Check(input), [InputColumn], row => new Augmented(this, row, epoch).ToGetter());

    ImageDataViewType Check(DataViewSchema input) => input.Find(InputColumn).Type is ImageDataViewType type ? type
        : throw new ArgumentException($"Column '{InputColumn}': holds {input.Find(InputColumn).Type.InWords()}, an image is needed.");

    sealed class Augmented : PictureGetter
    {
        readonly Func<object> picture;
        readonly Func<long> id;
        readonly Change change;
        readonly ImageAugmentingTransformer step;

        public Augmented(ImageAugmentingTransformer step, DataViewRow row, int epoch)
        {
            (this.step, Epoch, change) = (step, epoch, new(step));
            HoldsPixels = PictureColumns.Of(row, step.InputColumn) is not { HoldsPixels: false };
            (picture, id) = (RowColumn.Reader(row, row.Schema[step.InputColumn]), RowColumn.Ids(row));
        }

        public override bool HoldsPixels { get; }

        protected override int Epoch { get; }

        public override Picture Current() => ((Picture)picture()).With(change) with { Id = id() };

        protected override void Unreadable(Exception exception) => step.Warn(exception.Message);
    }

    sealed class Change(ImageAugmentingTransformer step) : PictureChange
    {
        public override bool IsRandom => true;

        public override string Text { get; } = JsonSerializer.Serialize<Step>(step, SavedStep.Json);

        public override Image Apply(Image image, long id, int epoch) =>
            ImageChange.Apply(image, step.Draw(new(image.Width, image.Height), epoch, id));

        public override IEnumerable<string> Describe(ImageSize size, long id, int epoch) =>
            step.Draw(size, epoch, id).Select(drawn => drawn.Describe(size)).Where(text => text.Length > 0);
    }
}
