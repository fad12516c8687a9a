using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Files whose name promises another format than they hold.</summary>
public sealed record WrongExtensions : DataCheck
{
    static readonly ImmutableDictionary<string, string> formats = new Dictionary<string, string>
    {
        [".jpg"] = "JPEG",
        [".jpeg"] = "JPEG",
        [".jpe"] = "JPEG",
        [".png"] = "PNG",
        [".bmp"] = "BMP",
        [".gif"] = "GIF",
        [".webp"] = "WEBP",
        [".tif"] = "TIFF",
        [".tiff"] = "TIFF",
        [".avif"] = "HEIF",
    }.ToImmutableDictionary(StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override IEnumerable<Finding> Find(DataSurvey survey, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(survey);
        return from image in survey.Images
               where image.Format is not null && formats.GetValueOrDefault(Path.GetExtension(image.Path)) is var promised
               && promised != image.Format
               select new Finding(nameof(WrongExtensions), Severity.Advice, [image.Path], $"holds {image.Format}",
                   "Rename them if other programs shall read them; here the content counts.");
    }
}
