namespace MlPipelines.Cli;

/// <summary>Which classes are learnt and tested, and what is said where these differ.</summary>
static class ClassCoverage
{
    public static IEnumerable<string> Of(MLContext ml, TrainingImages images, IDataView learnt, IDataView tested)
    {
        if (images.Tested is { } some && images.Learnt.Classes.Except(some.Classes).ToArray() is [_, ..] absent)
            yield return $"{some.Path}: has no images of {KnownClasses.Names(absent)}, which "
                + $"{(absent.Length == 1 ? "is" : "are")} learnt and so not tested. Add some there.";
        if (images.Tested is { } test && test.Classes.Except(images.Learnt.Classes).ToArray() is [_, ..] unknown)
            yield return $"{test.Path}: {Of(test, unknown)} of no class in {images.Learnt.Path}, so the model cannot know "
                + "them: they count as mistakes.";
        if (images.Tested is null)
            foreach (var (name, _, _) in ml.Data.CountClasses(tested, expected: images.Learnt.Classes).Classes.Where(one => one.Count == 0))
                yield return images.IsGrouped
                    ? $"class '{name}' has {Counted.Of(images.Learnt.Counts[name], "image")} in too few groups to keep one back, so it "
                        + "is not tested. Add images of other groups, leave out --group-by, or give some with --test."
                    : $"class '{name}' has {Counted.Of(images.Learnt.Counts[name], "image")}, too few to keep one back, so it is not "
                        + "tested. Add images, or give some with --test.";
        foreach (var (name, _, _) in ml.Data.CountClasses(learnt, expected: images.Learnt.Classes).Classes.Where(one => one.Count == 0))
            yield return $"class '{name}' is not learnt: all its images are in one group, which is kept back. Leave out --group-by, or add "
                + "images of other groups.";
    }

    static string Of(LabelledImages images, string[] classes)
    {
        var count = classes.Sum(name => images.Counts[name]);
        return $"{Counted.Of(count, "image")} ({KnownClasses.Names(classes)}) {(count == 1 ? "is" : "are")}";
    }
}
