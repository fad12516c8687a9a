using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>--fail-on-bad-files: files that would be skipped are a failure.</summary>
static class BadFiles
{
    const string Name = "--fail-on-bad-files";

    public static Option<bool> Fail() =>
        new(Name) { Description = "Fail on files that cannot be read, instead of skipping and listing them." };

    /// <exception cref="InvalidDataException">Files of the folder are no images, and that is to be a failure.</exception>
    public static void Check(LabelledImages images, bool fail)
    {
        if (fail && images.Ignored is [var first, ..])
            throw new InvalidDataException($"{images.Path}: {images.Ignored.Length} entries are no images of a class, such "
                + $"as {first.Path} ({first.Reason}). Move them away, or leave out {Name}.");
    }

    /// <summary>A failure where rows were skipped, and that is to be one.</summary>
    public static int ExitCodeOf(ClassificationReport report, bool fail) => ExitCode.Of(!fail || report.Skipped.IsEmpty);
}
