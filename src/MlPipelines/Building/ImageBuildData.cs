using Microsoft.ML.Runtime;

namespace MlPipelines;

/// <summary>The images of a build, divided: those of the report first, which no choice sees.</summary>
sealed class ImageBuildData
{
    const long ShareKey = 0x6275696C64;
    const double WatchedFraction = 0.1;

    readonly ClassLabels learnt;
    readonly Dice dice;

    /// <param name="host">Whose seed divides, where none is given.</param>
    /// <param name="data">Rows with ImagePath or Image, and Label; rows of one group stay together where there is a column Group.</param>
    /// <param name="options">The fractions, and the sets that are given.</param>
    /// <exception cref="ArgumentException">There are fewer than two classes.</exception>
    /// <exception cref="InvalidDataException">A part comes to nothing.</exception>
    public ImageBuildData(IHostEnvironment host, IDataView data, ImageBuildOptions options)
    {
        var division = new Division(data.Schema.GetColumnOrNull(LabelledImages.GroupColumn)?.Name, "Label", options.Seed);
        var seed = options.Seed ?? host.Seed();
        Classes = ClassLabels.Of(data, "Label").Classes.Count;
        if (Classes < 2)
            throw new ArgumentException($"Build: the data has {Counted.Of(Classes, "class", "classes")}, needs at least two. Add images "
                + "of another class.", nameof(data));
        (Rest, Test) = options.TestSet is { } test ? (data, test) : Two(division.Parts(host, data, options.TestFraction));
        (Learnt, Validation) = options.ValidationSet is { } chosenBy ? (Rest, chosenBy)
            : Two(division.Parts(host, Rest, options.ValidationFraction));
        LastInSteps = (options.ValidationSet, options.TestSet) switch
        {
            ({ } watched, _) => (Rest, watched),
            (null, null) => division.Parts(host, data, options.TestFraction, WatchedFraction) is var three ? (three[0], three[2]) : default,
            _ => Two(division.Parts(host, Rest, WatchedFraction)),
        };
        foreach (var (name, part) in new[] { ("test with", Test), ("choose by", Validation) })
            if (part.CountRows() == 0)
                throw new InvalidDataException($"Build: of {data.CountRows()} images of {Classes} classes none are left to {name}. Add "
                    + "images: five of each class at least.");
        (learnt, dice) = (ClassLabels.Of(Learnt, "Label"), Dice.For(seed, ShareKey));
        Sizes = new(Learnt.CountRows(), Validation.CountRows(), Rest.CountRows(), Test.CountRows());
    }

    /// <summary>How many classes there are.</summary>
    public int Classes { get; }

    /// <summary>All but those of the report.</summary>
    public IDataView Rest { get; }

    /// <summary>Those of the report.</summary>
    public IDataView Test { get; }

    /// <summary>Those that trials learn from.</summary>
    public IDataView Learnt { get; }

    /// <summary>Those by which candidates are chosen.</summary>
    public IDataView Validation { get; }

    /// <summary>What the last training learns from, and watches, where it goes in steps.</summary>
    public (IDataView Learnt, IDataView Watched) LastInSteps { get; }

    /// <summary>How many there are of each.</summary>
    public PartSizes Sizes { get; }

    /// <summary>A share of each class of those that trials learn from, at least one of each; a larger share holds a smaller one.</summary>
    public IDataView ShareOf(double share) => share >= 1 ? Learnt : PickedView.Of(Learnt, learnt.Classes.Values
        .SelectMany(rows => learnt.Shuffled(rows, dice).Take((int)Math.Ceiling(share * rows.Count))), learnt.Count);

    static (IDataView, IDataView) Two(PickedView[] parts) => (parts[0], parts[1]);
}

/// <summary>How many images there are in each part.</summary>
readonly record struct PartSizes(long Learnt, long Validation, long Rest, long Test);
