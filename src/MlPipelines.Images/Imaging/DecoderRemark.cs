using System.Text.RegularExpressions;

namespace MlPipelines.Imaging;

/// <summary>What the libraries below libvips say of a picture that they decode none the less.</summary>
/// <remarks>Source: libjpeg-turbo, jerror.h; libtiff, tif_fax3.c, tif_packbits.c and tif_jpeg.c.</remarks>
static partial class DecoderRemark
{
    /// <summary>Whether no pixel is missing: bytes that belong to nothing, or a head that is not quite what its format asks for. All else
    /// is damage: the rest of a scan is grey then, or what another picture left.</summary>
    internal static bool IsHarmless(string said) =>
        said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).All(Harmless().IsMatch);

    /// <summary>Whether a scan was left before its end for the next one, or whole scans were passed over: more was skipped than stray bytes
    /// before the end of the picture.</summary>
    internal static bool LeavesScan(string said) => !StrayBytesAtEnd().IsMatch(said);

    /// <summary>Whether a warning of libtiff, which does not come back as an error, tells of pixels that are missing.</summary>
    internal static bool IsLossOfTiff(string said) => TiffLoss().IsMatch(said) && !IsHarmless(said);

    [GeneratedRegex("extraneous bytes before marker|unknown JFIF revision|Unknown Adobe color transform|Invalid SOS parameters for "
        + "sequential JPEG|bad ICC marker", RegexOptions.IgnoreCase)]
    private static partial Regex Harmless();

    [GeneratedRegex("\\b[0-9]{1,2} extraneous bytes before marker 0xd9", RegexOptions.IgnoreCase)]
    private static partial Regex StrayBytesAtEnd();

    [GeneratedRegex("Corrupt JPEG data|Premature end of JPEG|Inconsistent progression|Premature EOL|Line length mismatch|Bad code word|"
        + "buffer overrun", RegexOptions.IgnoreCase)]
    private static partial Regex TiffLoss();
}
