namespace MlPipelines.Cli;

/// <summary>The classes that a model knows, and those of images that it is tried on.</summary>
static class KnownClasses
{
    /// <summary>The classes that scores are of; null where nothing says.</summary>
    public static string[]? Of(DataViewSchema scored) =>
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
}
