namespace MlPipelines;

/// <summary>What one look at an image leaves: some numbers and a thumbnail, about a kilobyte; not its pixels.</summary>
public sealed record ImageFacts
{
    /// <summary>Path of the file; part, "row" and number for an image in memory.</summary>
    public required string Path { get; init; }

    /// <summary>Which part of the set it belongs to: train, test.</summary>
    public required string Part { get; init; }

    /// <summary>Its class; null where the set has no labels.</summary>
    public string? Label { get; init; }

    /// <summary>Format by content: JPEG, PNG, GIF, WEBP, TIFF, BMP, HEIF or PNM; null for an image in memory.</summary>
    public string? Format { get; init; }

    /// <summary>Bytes of the file; of the pixels for an image in memory.</summary>
    public required long Bytes { get; init; }

    /// <summary>In pixels, upright.</summary>
    public required int Width { get; init; }

    /// <inheritdoc cref="Width"/>
    public required int Height { get; init; }

    /// <summary>SHA-256 of the file, as hexadecimal digits; of size and pixels for an image in memory.</summary>
    public required string Digest { get; init; }

    /// <summary>What is compared to find images that look alike.</summary>
    public required Fingerprint Fingerprint { get; init; }

    /// <summary>Brightness and colour.</summary>
    public required Tones Tones { get; init; }

    /// <summary>Crete's measure of blur at 256 pixels, from 0 (sharp) to 1; not a number for
    /// images of less than 64 pixels a side.</summary>
    public double Blurriness { get; init; } = double.NaN;

    /// <summary>Quality from 1 to 100 that a JPEG was saved with, from its quantization table; not a number for other formats.</summary>
    public double JpegQuality { get; init; } = double.NaN;

    /// <summary>What the decoder objected to, though no pixel is missing; null for nothing.</summary>
    public string? DecoderRemark { get; init; }

    /// <summary>Whether a JPEG holds what a camera writes about itself.</summary>
    public bool HasExif { get; init; }
}
