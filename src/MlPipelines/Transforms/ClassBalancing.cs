using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.ML.Runtime;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Balances the classes that the steps after it learn from: merges some, leaves samples of large ones out,
/// repeats those of small ones.</summary>
public sealed class ClassBalancingEstimator : IEstimator<ClassBalancingTransformer>
{
    readonly IHostEnvironment host;
    readonly ClassBalancingTransformer unfitted;

    /// <param name="host">Whose seed draws the samples, and whose log says what changed.</param>
    /// <param name="unfitted">What is to be done, before the classes are known.</param>
    internal ClassBalancingEstimator(IHostEnvironment host, ClassBalancingTransformer unfitted) =>
        (this.host, this.unfitted) = (host, unfitted with { Host = host });

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A column is missing or of another type, a class to be merged is not there,
    /// or one class would be left.</exception>
    public ClassBalancingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Validate(input.Schema);
        var plan = BalancePlan.Of(input, unfitted.LabelColumn, unfitted.Balance, unfitted.Seed);
        host.Report(ChannelMessageKind.Info, "Balance", $"{plan.Description}.");
        return unfitted with { Merged = plan.Merged };
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        Validate(Shapes.Schema(inputSchema));
        return inputSchema;
    }

    void Validate(DataViewSchema input)
    {
        var balance = unfitted.Balance;
        LabelColumn.Of(input, unfitted.LabelColumn);
        MergedLabels.Validate(input, unfitted.LabelColumn, balance.Merge?.Keys ?? (balance.MergeBelow is null ? [] : [balance.MergeInto]));
        if (unfitted.ImageColumn is { } image && input.Find(image).Type is not ImageDataViewType and var type)
            throw new ArgumentException($"Column '{image}': holds {type.InWords()}, an image is needed. Put Balance after LoadImages, or "
                + "leave the augmentations to AugmentImages.");
    }
}

/// <summary>Balances the classes that later steps of the same fit learn from. What a fitted pipeline is given keeps its rows; where it has
/// labels, merged classes get their new names, so that it can be evaluated.</summary>
/// <param name="LabelColumn">Column of the classes.</param>
/// <param name="Balance">The rules.</param>
/// <param name="Merged">Classes that became part of another, and of which.</param>
/// <param name="Seed">What the choice depends on, with the samples.</param>
/// <param name="ImageColumn">Column of the images that are changed in copies; null for none.</param>
/// <param name="Augmentations">How copies are changed.</param>
public sealed record ClassBalancingTransformer(string LabelColumn, ClassBalance Balance, ImmutableSortedDictionary<string, string> Merged,
    int Seed, string? ImageColumn,
    ImmutableArray<Augmentation> Augmentations) : RowStep
{
    const long CopyKey = 5;

    /// <inheritdoc/>
    public override IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Map(input.Schema).Any() ? base.Transform(input) : input;
    }

    private protected override IDataView TransformWhileFitting(IDataView input)
    {
        var balanced = BalancePlan.Of(input, LabelColumn, Balance, Seed).View;
        if (ImageColumn is null)
            return balanced;
        var copies = new ImageAugmentingTransformer(ImageColumn, ImageColumn, (int)Dice.For(Seed, CopyKey).Bits(), Augmentations);
        return new RandomView(balanced, epoch =>
            [new(ImageColumn, balanced.Schema[ImageColumn].Type, [ImageColumn], row => new Copies(copies, row, epoch, Warn).ToGetter())]);
    }

    private protected override IEnumerable<AddedColumn> Map(DataViewSchema input)
    {
        if (Merged.IsEmpty || input.GetColumnOrNull(LabelColumn) is null)
            yield break;
        MergedLabels.Validate(input, LabelColumn, Merged.Keys);
        yield return MergedLabels.Column(LabelColumn, Merged);
    }

    /// <summary>Pictures of which the copies are changed, differently in each epoch.</summary>
    sealed class Copies(ImageAugmentingTransformer step, DataViewRow row, int epoch, Action<string> warn) : PictureGetter
    {
        readonly Func<object> picture = RowColumn.Reader(row, row.Schema[step.InputColumn]);
        readonly ValueGetter<DataViewRowId> id = row.GetIdGetter();
        readonly Change change = new(step);

        public override bool HoldsPixels { get; } = PictureColumns.Of(row, step.InputColumn) is not { HoldsPixels: false };

        protected override int Epoch => epoch;

        protected override void Unreadable(Exception exception) => warn(exception.Message);

        public override Picture Current()
        {
            DataViewRowId own = default;
            id(ref own);
            var shown = (Picture)picture() with { Id = RowColumn.NumberOf(own) };
            return PickedView.IsCopy(own) ? shown.With(change) : shown;
        }
    }

    sealed class Change(ImageAugmentingTransformer step) : PictureChange
    {
        public override bool IsRandom => true;

        public override string Text { get; } = JsonSerializer.Serialize<Step>(step, SavedStep.Json);

        public override Image Apply(Image image, long id, int epoch) =>
            ImageChange.Apply(image, step.Draw(new(image.Width, image.Height), epoch, id));
    }
}

/// <summary>Balancing of classes.</summary>
public static class ClassBalancingCatalog
{
    /// <summary>Balances the classes that later steps learn from; put it before MapValueToKey when it merges.
    /// What is predicted later keeps its rows.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="labelColumnName">Column of the classes.</param>
    /// <param name="balance">The rules.</param>
    public static ClassBalancingEstimator Balance(this TransformsCatalog catalog, string labelColumnName, ClassBalance balance) =>
        Of(catalog, labelColumnName, balance, null, []);

    /// <summary>Balances the classes that later steps learn from, and changes the copies of repeated images, differently in each epoch; the
    /// images themselves stay as they are.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="labelColumnName">Column of the classes.</param>
    /// <param name="balance">The rules. A trainer that repeats images by itself makes copies too.</param>
    /// <param name="imageColumnName">Column of the images.</param>
    /// <param name="augmentations">How copies are changed, in order.</param>
    /// <exception cref="ArgumentException">There are no changes, or one of them mixes samples.</exception>
    public static ClassBalancingEstimator Balance(this TransformsCatalog catalog, string labelColumnName, ClassBalance balance,
        string imageColumnName, params Augmentation[] augmentations)
    {
        ArgumentNullException.ThrowIfNull(augmentations);
        if (augmentations.FirstOrDefault(augmentation => augmentation is not ImageAugmentation) is { } mixing)
            throw new ArgumentException($"augmentations: {mixing.GetType().Name} mixes the samples of a batch, changes of single images "
                + "are needed. Give it to AugmentImages.", nameof(augmentations));
        if (augmentations.Length == 0)
            throw new ArgumentException("augmentations: got none, needs at least one. Leave out imageColumnName to repeat images as they "
                + "are.", nameof(augmentations));
        return Of(catalog, labelColumnName, balance, Check.Named(imageColumnName), [.. augmentations]);
    }

    static ClassBalancingEstimator Of(TransformsCatalog catalog, string labelColumnName, ClassBalance balance, string? imageColumnName,
        ImmutableArray<Augmentation> augmentations)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(balance);
        var host = catalog.Host();
        return new(host,
            new(Check.Named(labelColumnName), balance, ImmutableSortedDictionary<string, string>.Empty, host.Seed(), imageColumnName,
                augmentations));
    }
}
