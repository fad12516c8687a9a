namespace MlPipelines.Imaging.Jpeg;

/// <summary>The markers that are told apart; each follows a byte of 255.</summary>
/// <remarks>Source: ITU-T T.81, table B.1.</remarks>
static class JpegMarker
{
    internal const byte
        Prefix = 0xFF,
        Stuffing = 0x00,
        Baseline = 0xC0,
        ExtendedSequential = 0xC1,
        Huffman = 0xC4,
        FirstArithmetic = 0xC9,
        Arithmetic = 0xCC,
        LastArithmetic = 0xCF,
        Restart0 = 0xD0,
        End = 0xD9,
        Scan = 0xDA,
        Quantisation = 0xDB,
        RestartInterval = 0xDD,
        Application0 = 0xE0,
        Application1 = 0xE1,
        Application14 = 0xEE,
        Application15 = 0xEF,
        Comment = 0xFE;
}
