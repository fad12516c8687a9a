namespace MlPipelines.Imaging.Jpeg;

/// <summary>One colour of the picture.</summary>
/// <param name="Quantisation">64 factors in zigzag order.</param>
/// <param name="Dc">Code of the first coefficients.</param>
/// <param name="Ac">Code of the others.</param>
readonly record struct JpegComponent(ushort[] Quantisation, HuffmanTable Dc, HuffmanTable Ac);

/// <summary>All that comes before the coded pixels of a baseline JPEG.</summary>
sealed class JpegFrame
{
    internal required int Width { get; init; }
    internal required int Height { get; init; }

    /// <summary>EXIF orientation, as written.</summary>
    internal required int Orientation { get; init; }

    /// <summary>One, or luma and two of chroma.</summary>
    internal required JpegComponent[] Components { get; init; }

    /// <summary>How many times wider luma is than chroma, 1 or 2.</summary>
    internal required int Across { get; init; }

    /// <summary>How many times higher luma is than chroma, 1 or 2.</summary>
    internal required int Down { get; init; }

    /// <summary>Units from one restart marker to the next; 0 for no markers.</summary>
    internal required int RestartInterval { get; init; }

    /// <summary>Where the coded pixels begin.</summary>
    internal required int Scan { get; init; }
}
