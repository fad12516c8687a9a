namespace MlPipelines.Cli;

/// <summary>Which classes are learnt and tested, and what is said where these differ.</summary>
static class ClassCoverage
{
    public static IEnumerable<string> Of(MLContext ml, TrainingImages images, IDataView learnt, IDataView tested)
    {
        if (images.Tested is { } some && images.Learnt.Classes.Except(some.Classes).ToArray() is [_, ..] absent)
            yield return $"{some.Path}: has no images of {Names(absent)}, which {(absent.Length == 1 ? "is" : "are")} learnt and so not "
                + "tested. Add some there.";
        if (images.Tested is { } test && test.Classes.Except(images.Learnt.Classes).ToArray() is [_, ..] unknown)
            yield return $"{test.Path}: {Counted(test, unknown)} are of no class in {images.Learnt.Path}, so the model cannot know "
                + "them: they "
                + "count as mistakes.";
        if (images.Tested is null)
            foreach (var (name, _, _) in ml.Data.CountClasses(tested, expected: images.Learnt.Classes).Classes.Where(one => one.Count == 0))
                yield return $"class '{name}' has {Count(images.Learnt.Counts[name])}, too few to keep one back, so it is not tested. Add "
                    + "images, or give some with --test.";
        foreach (var (name, _, _) in ml.Data.CountClasses(learnt, expected: images.Learnt.Classes).Classes.Where(one => one.Count == 0))
            yield return $"class '{name}' is not learnt: all its images are in one group, which is kept back. Leave out --group-by, or add "
                + "images of other groups.";
    }

    /// <summary>The classes that scores are of; null where nothing says.</summary>
    public static string[]? Known(DataViewSchema scored) =>
        scored.GetColumnOrNull("Score") is { } score && KeyNames.OfSlots(score) is { } written ? [.. written.Select(NormalForm.Of)] : null;

    /// <summary>Checks that a model knows one class at least of those it is tried on.</summary>
    /// <exception cref="InvalidDataException">It knows none.</exception>
    public static void CheckCommon(LabelledImages images, IReadOnlyCollection<string> known, string by)
    {
        if (!images.Classes.Intersect(known).Any())
            throw new InvalidDataException($"{images.Path}: has the classes {Names(images.Classes)}, {by} has {Names(known)}: none in "
                + "common. Name the folders alike, or give another folder.");
    }

    /// <summary>Names of classes, the first of many.</summary>
    public static string Names(IEnumerable<string> classes)
    {
        const int most = 8;
        var all = classes.ToArray();
        return string.Join(", ", all.Take(most).Select(name => $"'{name}'")) + (all.Length > most ? $" and {all.Length - most} more" : "");
    }

    static string Counted(LabelledImages images, string[] classes) =>
        $"{Count(classes.Sum(name => images.Counts[name]))} ({Names(classes)})";

    static string Count(int images) => images == 1 ? "1 image" : $"{images} images";
}
