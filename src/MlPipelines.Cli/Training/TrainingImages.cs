namespace MlPipelines.Cli;

/// <summary>The images that a run learns from, watches and tests with, as their sources divide them.</summary>
/// <param name="All">All that FOLDER holds.</param>
/// <param name="Learnt">What is learnt from; where nothing else is named, a part of it is kept back.</param>
/// <param name="Watched">What is watched; null to take a part of the others.</param>
/// <param name="Tested">What is tested with; null to take a part of the others.</param>
sealed record TrainingImages(LabelledImages All, LabelledImages Learnt, LabelledImages? Watched, LabelledImages? Tested)
{
    const double WatchedShare = 0.1, TestedShare = 0.2;

    /// <exception cref="IOException">A folder or file is missing.</exception>
    /// <exception cref="InvalidDataException">A folder or file holds no images, or none to learn from.</exception>
    public static TrainingImages Load(MLContext ml, TrainingSettings settings)
    {
        TableOptions.Check(settings.Table, settings.Folder, settings.Validation, settings.Test);
        var all = Open(ml, settings.Folder, settings);
        var learnt = all.Parts.IsEmpty ? all
            : all.Parts.GetValueOrDefault(DivisionNames.Train)
            ?? throw new InvalidDataException($"{settings.Folder}: is divided already, and has no part to learn from (it has "
                + $"{string.Join(" and ", all.Parts.Keys.Order())}). Name the part 'train', or give a folder that is not divided.");
        return new(all, learnt, PartOf(settings.Validation, DivisionNames.Validation), PartOf(settings.Test, DivisionNames.Test));

        LabelledImages? PartOf(string? folder, string part) => folder is null ? all.Parts.GetValueOrDefault(part)
            : Open(ml, folder, settings) is var given && given.Parts.GetValueOrDefault(part) is { } own ? own : ToJudgeBy(given);
    }

    /// <summary>The part of divided images that a model is judged by: those to test with, or else those to watch, which nothing is learnt
    /// from; all where they are not divided.</summary>
    public static LabelledImages ToJudgeBy(LabelledImages images) => images.Parts.GetValueOrDefault(DivisionNames.Test)
        ?? images.Parts.GetValueOrDefault(DivisionNames.Validation) ?? images;

    /// <summary>The three sets, of which none shares a group with another where there are groups.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="learnsAtOnce">Whether nothing is chosen by watched images: unless some are given, none are kept back.</param>
    /// <param name="watchedShare">Share of each class of those that are not tested with to watch; null for a tenth of all.</param>
    public ImageDataCatalog.TrainValidationTestData Divide(MLContext ml, bool learnsAtOnce, double? watchedShare = null)
    {
        if (learnsAtOnce && Watched is null)
        {
            var none = ml.Data.SkipRows(Learnt, Learnt.RowCount);
            var (learnt, _, tested) = (this with { Watched = Learnt }).Divide(ml, learnsAtOnce);
            return new(learnt, none, tested);
        }
        if (Watched is not null && Tested is not null)
            return new(Learnt, Watched, Tested);
        var division = new Division(Groups, "Label", null);
        var host = ml.Data.Host();
        if (Watched is null && watchedShare is { } share)
        {
            PickedView[] tested = Tested is null ? division.Parts(host, Learnt, TestedShare) : [];
            var watched = division.Parts(host, tested is [var rest, ..] ? rest : Learnt, share);
            return new(watched[0], watched[1], (IDataView?)Tested ?? tested[1]);
        }
        if (Watched is null && Tested is null)
        {
            var three = division.Parts(host, Learnt, TestedShare, WatchedShare);
            return new(three[0], three[2], three[1]);
        }
        var two = division.Parts(host, Learnt, Watched is null ? WatchedShare : TestedShare);
        return new(two[0], (IDataView?)Watched ?? two[1], (IDataView?)Tested ?? two[1]);
    }

    /// <summary>Checks that what is watched and tested has a class at least that is learnt.</summary>
    /// <exception cref="InvalidDataException">It has none.</exception>
    public void CheckCommon()
    {
        foreach (var given in new[] { Watched, Tested }.OfType<LabelledImages>())
            KnownClasses.CheckCommon(given, Learnt.Classes, Learnt.Path);
    }

    /// <summary>Whether images of a group stay together.</summary>
    public bool IsGrouped => Groups is not null;

    /// <summary>Column of what stays together; null for none.</summary>
    string? Groups => Learnt.Schema.GetColumnOrNull(LabelledImages.GroupColumn)?.Name;

    /// <summary>What is doubtful about groups: images without one, groups that the sources themselves have divided.</summary>
    public IEnumerable<string> GroupWarnings()
    {
        if (Groups is null)
            yield break;
        if (UngroupedIn(All) is { } alone)
            yield return alone;
        var learnt = GroupsOf(Learnt);
        if (learnt.Count == Learnt.RowCount)
            yield return "each image is a group of its own, so that --group-by changes nothing. Is it the right column or pattern?";
        foreach (var (name, other) in new[] { ("watched", Watched), ("tested with", Tested) })
            if (other is not null
                && GroupsOf(other).Where(learnt.Contains).Order(StringComparer.Ordinal).ToArray() is [var shared, ..] both)
                yield return $"{Counted.Of(both.Length, "group")}, such as '{shared}', {(both.Length == 1 ? "is" : "are")} both learnt "
                    + $"from and {name}, as {other.Path} has them. Divide the data by groups.";
    }

    /// <summary>What is said of images to which a pattern finds no group; null where there are none.</summary>
    public static string? UngroupedIn(LabelledImages images) => images.Ungrouped is not [var first, ..] ? null
        : $"{images.Ungrouped.Length} of {Counted.Of(images.RowCount, "image")} {(images.Ungrouped.Length == 1 ? "has" : "have")} no "
            + $"group by the pattern, such as {first}: each is a group of its own.";

    static HashSet<string> GroupsOf(LabelledImages images) => images.Schema.GetColumnOrNull(LabelledImages.GroupColumn) is null ? []
        : images.Rows(LabelledImages.GroupColumn).Select(row => row.Get<string>(LabelledImages.GroupColumn))
            .ToHashSet(StringComparer.Ordinal);

    static LabelledImages Open(MLContext ml, string folder, TrainingSettings settings)
    {
        var images = TableOptions.Load(ml, folder, settings.Table, settings.GroupBy);
        BadFiles.Check(images, settings.FailOnBadFiles);
        return images;
    }
}
