using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>How evaluation sets are written.</summary>
public sealed record EvaluationSetSaving
{
    /// <summary>Whether sets are links to the files instead of copies; pictures without a file are written as PNG all the same.</summary>
    public bool Links { get; init; }

    /// <summary>The most pictures of a set that the page shows.</summary>
    public int ShownPictures { get; init => field = Check.Within(value, 0, 1000, nameof(ShownPictures)); } = 12;

    /// <summary>The most members whose attention the page shows, one of each type first.</summary>
    public int ShownMembers { get; init => field = Check.Within(value, 0, 100, nameof(ShownMembers)); } = 8;

    /// <summary>How many pictures each member that is no network may be asked about to find out where it looks.</summary>
    public int Questions { get; init => field = Check.AtLeast(value, 0, nameof(Questions)); } = 300;

    /// <summary>Told what is being looked at, for all that takes long.</summary>
    public Action<string>? Steps { get; init; }

    /// <summary>Ends the writing.</summary>
    public CancellationToken CancellationToken { get; init; }
}

/// <summary>Evaluation sets in a folder.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Page">The page, report.html.</param>
/// <param name="Sets">The folder of each set.</param>
/// <param name="Skipped">Pictures that could not be written.</param>
public sealed record SavedEvaluationSets(string Path, string Page, ImmutableArray<string> Sets, ImmutableArray<LeftOutPicture> Skipped);

/// <summary>Saving on reports of evaluation sets.</summary>
public static class EvaluationSetSavingVerbs
{
    /// <summary>Writes a new folder: each set as a labelled folder and a table beside it, tables of members, draws and of what was left
    /// out, and a
    /// page, report.html, that needs nothing else. The members must not be disposed of yet.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="folder">The folder; it must not hold anything yet.</param>
    /// <param name="saving">How; null for copies and twelve pictures of a set.</param>
    /// <exception cref="IOException">It cannot be written, or holds something.</exception>
    public static SavedEvaluationSets Save(this EvaluationSetReport report, string folder, EvaluationSetSaving? saving = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        saving ??= new();
        CheckFree(folder);
        var page = EvaluationSetPage.Of(report, saving);
        var skipped = new List<LeftOutPicture>();
        var files = AtomicFolder.Write(folder, aside => report.Sets.Select(set =>
            new SetFolder(report, set, saving.Links)
                .Write(Path.Combine(aside, SafeFileName.Of(set.Name)), skipped, saving.CancellationToken))
            .ToArray());
        foreach (var (place, set) in report.Sets.Index())
            Write($"{SafeFileName.Of(set.Name)}.csv", EvaluationSetTables.OfSet(report, set, files[place]));
        Write("members.csv", EvaluationSetTables.OfMembers(report));
        Write("draws.csv", EvaluationSetTables.OfAccuracies(report, report.Draws));
        Write("sets.csv", EvaluationSetTables.OfAccuracies(report, report.Sets));
        Write("left_out.csv", EvaluationSetTables.OfLeftOut(report));
        Write("report.html", page);
        return new(Path.GetFullPath(folder), Path.GetFullPath(Path.Combine(folder, "report.html")),
            [.. report.Sets.Select(set => Path.GetFullPath(Path.Combine(folder, SafeFileName.Of(set.Name))))], [.. skipped]);

        void Write(string name, string text) => AtomicFile.WriteWithFolder(Path.Combine(folder, name), text);
    }

    /// <summary>Checks, before anything takes long, that a folder can be written to.</summary>
    /// <exception cref="IOException">It holds something, or is a file.</exception>
    internal static void CheckFree(string folder)
    {
        if (!AtomicFolder.IsFree(Check.Named(folder)))
            throw new IOException($"{folder}: {(File.Exists(folder) ? "is a file" : "holds something already")}, a new folder is needed. "
                + "Choose another, or empty it.");
    }
}
