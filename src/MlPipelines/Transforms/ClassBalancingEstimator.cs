using System.Collections.Immutable;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Balances the classes that the steps after it learn from: merges some, leaves samples of large ones out, repeats those of small ones.</summary>
/// <param name="context">Whose seed draws the samples, and whose log says what changed.</param>
/// <param name="labelColumnName">Column of the classes.</param>
/// <param name="balance">The rules.</param>
/// <param name="imageColumnName">Column of the images that <paramref name="augmentations"/> change.</param>
/// <param name="augmentations">How a copy differs from its sample; none leaves that to a later step.</param>
public sealed class ClassBalancingEstimator(MLContext context, string labelColumnName, ClassBalance balance, string? imageColumnName = null, params ImmutableArray<Augmentation> augmentations) : IEstimator<ClassBalancingTransformer>
{
    public ClassBalancingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        GetOutputSchema(input.Schema);
        var plan = BalancePlan.Of(input, labelColumnName, balance, context.Seed);
        context.Report(ChannelMessageKind.Info, "Balance", $"{plan.Description}.");
        return new(labelColumnName, balance, plan.Merged, context.Seed, imageColumnName, augmentations);
    }

    public DataViewSchema GetOutputSchema(DataViewSchema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        ClassLabels.Of(input, labelColumnName);
        MergedView.Validate(input, labelColumnName, balance.Merge?.Keys ?? (balance.MergeBelow is null ? [] : [balance.MergeInto]));
        if (imageColumnName is { } image && input.Find(image).Type is not ImageDataViewType and var type)
            throw new ArgumentException($"Column '{image}': holds {type}, an image is needed. Put Balance after LoadImages, or leave the augmentations to AugmentImages.");
        return input;
    }
}

/// <summary>Balances the classes that later steps of the same fit learn from. What a fitted pipeline is given keeps its rows; where it has labels, merged classes get their new names, so that it can be evaluated.</summary>
/// <param name="LabelColumn">Column of the classes.</param>
/// <param name="Balance">The rules.</param>
/// <param name="Merged">Classes that became part of another, and of which.</param>
/// <param name="Seed">What the choice depends on, with the samples.</param>
/// <param name="ImageColumn">Column of the images that are changed in copies; null for none.</param>
/// <param name="Augmentations">How copies are changed.</param>
public sealed record ClassBalancingTransformer(string LabelColumn, ClassBalance Balance, ImmutableSortedDictionary<string, string> Merged, int Seed, string? ImageColumn, ImmutableArray<Augmentation> Augmentations) : IFittingTransformer
{
    const long CopyKey = 5;

    public DataViewSchema GetOutputSchema(DataViewSchema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.GetColumnOrNull(LabelColumn) is not null)
            MergedView.Validate(input, LabelColumn, Merged.Keys);
        return input;
    }

    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        GetOutputSchema(input.Schema);
        return input.Schema.GetColumnOrNull(LabelColumn) is null ? input : MergedView.Of(input, LabelColumn, Merged);
    }

    public IDataView TransformForFitting(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return BalancePlan.Of(ImageColumn is null ? input : new MappedView(input, Augmented(input.Schema.Find(ImageColumn))), LabelColumn, Balance, Seed).View;
    }

    MappedColumn Augmented(DataViewSchema.Column column)
    {
        var copies = new ImageAugmentingTransformer(column.Name, column.Name, (int)Dice.For(Seed, CopyKey).Bits(), Augmentations);
        return new(column.Name, column.Type, Value, Random: true);

        object Value(DataViewRow row, Pass pass) => row.GetValue(column.Index) is Image image && pass is { Fitting: true, Repetition: not 0 }
            ? ImageChange.Apply(image, copies.Draw(new(image.Width, image.Height), pass.Epoch, row.Id))
            : row.GetValue(column.Index);
    }
}

/// <summary>Balancing of classes.</summary>
public static class ClassBalancingCatalog
{
    /// <summary>Balances the classes that later steps learn from; put it before MapValueToKey when it merges. What is predicted later keeps its rows.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="labelColumnName">Column of the classes.</param>
    /// <param name="balance">The rules.</param>
    public static ClassBalancingEstimator Balance(this TransformsCatalog catalog, string labelColumnName, ClassBalance balance)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(balance);
        return new(catalog.Context, Check.Named(labelColumnName), balance);
    }

    /// <summary>Balances the classes that later steps learn from, and changes the copies of repeated images, differently in each epoch; the images themselves stay as they are.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="labelColumnName">Column of the classes.</param>
    /// <param name="balance">The rules. A trainer that repeats images by itself makes copies too.</param>
    /// <param name="imageColumnName">Column of the images.</param>
    /// <param name="augmentations">How copies are changed, in order.</param>
    /// <exception cref="ArgumentException">There are no changes, or one of them mixes samples.</exception>
    public static ClassBalancingEstimator Balance(this TransformsCatalog catalog, string labelColumnName, ClassBalance balance, string imageColumnName, params Augmentation[] augmentations)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(balance);
        ArgumentNullException.ThrowIfNull(augmentations);
        if (augmentations.FirstOrDefault(augmentation => augmentation is not ImageAugmentation) is { } mixing)
            throw new ArgumentException($"augmentations: {mixing.GetType().Name} mixes the samples of a batch, changes of single images are needed. Give it to AugmentImages.", nameof(augmentations));
        if (augmentations.Length == 0)
            throw new ArgumentException("augmentations: got none, needs at least one. Leave out imageColumnName to repeat images as they are.", nameof(augmentations));
        return new(catalog.Context, Check.Named(labelColumnName), balance, Check.Named(imageColumnName), [.. augmentations]);
    }
}
