using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>A number that can be had of an image without looking at what it shows.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Value">The number; not a number where an image has none.</param>
/// <param name="IsTechnical">True when it says how the file was made, not what is to be seen.</param>
/// <param name="IsYesOrNo">True when it is 1 or 0 and the name says of what.</param>
sealed record ImageFeature(string Name, Func<ImageFacts, double> Value, bool IsTechnical = true, bool IsYesOrNo = false)
{
    static readonly ImmutableArray<ImageFeature> measured =
    [
        new("width", image => image.Width),
        new("height", image => image.Height),
        new("width / height", image => (double)image.Width / image.Height),
        new("bytes per pixel", image => image.Format is null ? double.NaN : image.Bytes / ((double)image.Width * image.Height)),
        new("JPEG quality", image => image.JpegQuality),
        new("has camera data (EXIF)", image => image.HasExif ? 1 : 0, IsYesOrNo: true),
        new("is grey", image => image.Tones.Saturation <= 1 ? 1 : 0, IsYesOrNo: true),
        new("brightness", image => image.Tones.Mean, IsTechnical: false),
        new("contrast", image => image.Tones.Deviation, IsTechnical: false),
        new("colourfulness", image => image.Tones.Saturation, IsTechnical: false),
        new("brightness of the margin", image => image.Tones.Border, IsTechnical: false),
    ];

    /// <summary>The features of any set, and one for each format and each common size of this one.</summary>
    internal static ImmutableArray<ImageFeature> Of(IReadOnlyCollection<ImageFacts> images)
    {
        const int mostSizes = 8;
        var formats = images.Select(image => image.Format).OfType<string>().Distinct().Order(StringComparer.Ordinal);
        var sizes = images.CountBy(image => (image.Width, image.Height)).OrderByDescending(size => size.Value).ThenBy(size => size.Key)
            .Take(mostSizes).Select(size => size.Key);
        return
        [
            .. formats.Select(format => new ImageFeature($"is {format}", image => image.Format == format ? 1 : 0, IsYesOrNo: true)),
            .. sizes.Select(size =>
                new ImageFeature($"is {size.Width}×{size.Height}", image => (image.Width, image.Height) == size ? 1 : 0, IsYesOrNo: true)),
            .. measured,
        ];
    }
}
