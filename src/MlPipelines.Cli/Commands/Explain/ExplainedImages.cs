using System.CommandLine;
using MlPipelines.Imaging;

namespace MlPipelines.Cli;

/// <summary>The images that an explanation is about: those that can be read, and how many cannot.</summary>
sealed record ExplainedImages(IReadOnlyList<Image> Images, int Failed)
{
    public static Argument<string[]> Argument() => OptionKinds.Paths("IMAGES",
        "Images; folders, with all that lies below them; zip, tar or tar.gz archives; patterns such as 'photos/*.jpg'.");

    /// <summary>The images that paths name; those that cannot be read are said and left out.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="explainer">Of the network that is given them.</param>
    /// <param name="paths">Files, folders, archives and patterns.</param>
    /// <param name="output">Where the explanation goes.</param>
    /// <exception cref="InvalidDataException">None can be read, or the output is one of them.</exception>
    public static ExplainedImages Read(Terminal terminal, NetworkExplainer explainer, IEnumerable<string> paths, OutputPlace output)
    {
        var named = NamedImages.Of(paths);
        output.CheckIsNone(named.Paths);
        foreach (var failure in named.Failures)
            terminal.Error(failure.ToString());
        Image[] images = [.. named.Paths.Select(path => Readable(terminal, explainer, path)).OfType<Image>()];
        return images.Length > 0 ? new(images, named.Failures.Length + named.Paths.Length - images.Length)
            : throw new InvalidDataException("None of the images can be read, so there is nothing to explain.");
    }

    /// <summary>An image that the network can be given, its pixels let go of again: many would fill the memory. Null, with a word, for one
    /// that cannot be read.</summary>
    public static Image? Readable(Terminal terminal, NetworkExplainer explainer, string path)
    {
        terminal.Cancellation.ThrowIfCancellationRequested();
        try
        {
            explainer.Seen(ArchivePath.Image(path));
            return ArchivePath.Image(path);
        }
        catch (Exception exception) when (RowReader.IsUnreadable(exception))
        {
            terminal.Error(exception.Message);
            return null;
        }
    }
}
