using System.CommandLine;
using MlPipelines.Imaging;

namespace MlPipelines.Cli;

/// <summary>The images that an explanation is about.</summary>
static class ExplainedImages
{
    public static Argument<string[]> Argument() => OptionKinds.Paths("IMAGES",
        "Images; folders, with all that lies below them; zip, tar or tar.gz archives; patterns such as 'photos/*.jpg'.");

    /// <summary>The images that paths name; those that cannot be read are said and left out.</summary>
    /// <exception cref="InvalidDataException">None can be read.</exception>
    public static IReadOnlyList<Image> Read(Terminal terminal, IEnumerable<string> paths)
    {
        var named = NamedImages.Of(paths);
        foreach (var failure in named.Failures)
            terminal.Error(failure.ToString());
        var images = new List<Image>();
        foreach (var path in named.Paths)
            try
            {
                terminal.Cancellation.ThrowIfCancellationRequested();
                images.Add(ArchivePath.Image(path).Decoded());
            }
            catch (Exception exception) when (RowReader.IsUnreadable(exception))
            {
                terminal.Error(exception.Message);
            }
        return images.Count > 0 ? images
            : throw new InvalidDataException("None of the images can be read, so there is nothing to explain.");
    }
}
