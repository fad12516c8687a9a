namespace MlPipelines;

/// <summary>Verbs on data: lists, splits, balance, folders.</summary>
public static partial class ImageDataCatalog
{
    /// <summary>Counts the samples of each class and says what is doubtful; no image is opened.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">The rows.</param>
    /// <param name="labelColumnName">Column of the classes: text, a key or a number.</param>
    /// <param name="expected">The classes that there should be, such as those of another part of the data;
    /// null for those that there are.</param>
    /// <exception cref="ArgumentException">There is no such column, or it holds something else.</exception>
    public static ClassCounts CountClasses(this DataOperationsCatalog catalog, IDataView data, string labelColumnName = "Label",
        IEnumerable<string>? expected = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        return ClassCounts.Of(data, labelColumnName, expected);
    }

    /// <summary>The rows with classes merged, images left out and images repeated; nothing is copied. Split before you repeat, or by
    /// <see cref="TrainTestSplit"/>, which keeps the copies of an image in one part.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">The rows.</param>
    /// <param name="balance">The rules.</param>
    /// <param name="labelColumnName">Column of the classes; to merge, it must hold text.</param>
    /// <param name="seed">Seed of the choice; null for the context's.</param>
    /// <exception cref="ArgumentException">The labels cannot be merged, a class to be merged is not there,
    /// or one class would be left.</exception>
    public static IDataView Balance(this DataOperationsCatalog catalog, IDataView data, ClassBalance balance,
        string labelColumnName = "Label", int? seed = null) =>
        BalancePlan.Of(data, labelColumnName, balance, seed ?? catalog.Host().Seed()).View;

    /// <summary>Draws <paramref name="count"/> rows with equal numbers of each class.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">The rows; those without a class are left out.</param>
    /// <param name="count">Size of the set. When it is no multiple of the number of classes, as many classes as are left over, drawn at
    /// random, have one row more.</param>
    /// <param name="options">The column of the classes, the seed, and what is done with small classes.</param>
    /// <remarks>Rows keep their order. Which are drawn depends on the seed and on the samples, not on their order.</remarks>
    /// <exception cref="ArgumentException">A class is too small; the message names it.</exception>
    public static IDataView MiniSet(this DataOperationsCatalog catalog, IDataView data, int count, MiniSetOptions? options = null) =>
        catalog.MiniSets(data, count, 1, options: options)[0];

    /// <summary>Draws several sets as <see cref="MiniSet"/> draws one.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">The rows; those without a class are left out.</param>
    /// <param name="count">Size of a set.</param>
    /// <param name="sets">Number of sets.</param>
    /// <param name="disjoint">True when no row may be in two sets; false to draw each set from all rows.</param>
    /// <param name="options">The column of the classes, the seed, and what is done with small classes.</param>
    /// <exception cref="ArgumentException">A class is too small; the message names it.</exception>
    public static IReadOnlyList<IDataView> MiniSets(this DataOperationsCatalog catalog, IDataView data, int count, int sets,
        bool disjoint = true, MiniSetOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        options ??= new();
        var dice = Dice.For(options.Seed ?? catalog.Host().Seed(), MiniSetKey);
        var (drawn, rows) = MiniSetDraw.Of(data, new(Check.AtLeast(count, 1), Check.AtLeast(sets, 1), options.LabelColumnName, disjoint,
            options.AllowFewer), dice);
        return [.. drawn.Select(places => PickedView.Of(data, places, rows))];
    }

    const long MiniSetKey = 4;
}

/// <summary>How small sets are drawn.</summary>
public sealed record MiniSetOptions
{
    /// <summary>Column of the classes.</summary>
    public string LabelColumnName { get; init => field = Check.Named(value, nameof(LabelColumnName)); } = "Label";

    /// <summary>Seed of the choice; null for the context's.</summary>
    public int? Seed { get; init; }

    /// <summary>True to take what there is of a class that is too small, shared out where there are several sets.</summary>
    public bool AllowFewer { get; init; }
}
