
namespace MlPipelines.Cli;

/// <summary>What --fail-on-bad-files asks for: files that would be skipped are a failure.</summary>
static class Strictness
{
    /// <exception cref="InvalidDataException">Files of the folder are no images.</exception>
    public static void Check(LabelledImages images, bool strict)
    {
        if (strict && images.Ignored is [var first, ..])
            throw new InvalidDataException($"{images.Path}: {images.Ignored.Length} entries are no images of a class, such "
                + $"as {first.Path} ({first.Reason}). Move them away, or leave out --fail-on-bad-files.");
    }

    public static int ExitCode(ClassificationReport metrics, bool strict) =>
        strict && metrics.Skipped.Length > 0 ? CommandLine.Failure : CommandLine.Success;
}
