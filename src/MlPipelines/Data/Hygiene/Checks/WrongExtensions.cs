using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Files whose name promises another format than they hold.</summary>
public sealed record WrongExtensions : DataCheck
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Find(DataSurvey survey, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(survey);
        return from image in survey.Images
               where image.Format is not null && Promised(image.Path) != image.Format
               select new Finding(nameof(WrongExtensions), Severity.Advice, [image.Path], $"holds {image.Format}",
                   "Rename them if other programs shall read them; here the content counts.");
    }

    static string? Promised(string path) =>
        ImageFormats.Endings.TryGetValue(Path.GetExtension(path), out var format) ? format.ToString().ToUpperInvariant() : null;
}
