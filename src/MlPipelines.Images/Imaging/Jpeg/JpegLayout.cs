namespace MlPipelines.Imaging.Jpeg;

/// <summary>Where in memory the samples of one strip lie: one row of coded units, and of each component one row above it.</summary>
/// <remarks>After the components come two rows of chroma as wide as luma.</remarks>
readonly struct JpegLayout
{
    const int Block = 8;

    internal JpegLayout(JpegFrame frame)
    {
        (Units, Strips) = (Parts(frame.Width, Block * frame.Across), Parts(frame.Height, Block * frame.Down));
        (LumaStride, ChromaStride) = (Units * Block * frame.Across, frame.Components.Length == 1 ? 0 : Units * Block);
        (LumaRows, ChromaRows) = (Block * frame.Down, Block);
        WideStride = LumaStride + ChromaUpsampling.Beyond;
        // Between the parts lies room for what ChromaUpsampling and RgbRows read and write beyond the ends of rows.
        Blueness = Start(LumaStride * (1 + LumaRows));
        Redness = Start(Blueness + ChromaStride * (1 + ChromaRows));
        Wide = Start(Redness + ChromaStride * (1 + ChromaRows));
        Bytes = Wide + 2 * WideStride;
        Sums = ChromaStride + ChromaUpsampling.Beyond;
    }

    /// <summary>Coded units side by side.</summary>
    internal int Units { get; }
    internal int Strips { get; }
    internal int LumaStride { get; }
    internal int ChromaStride { get; }
    internal int LumaRows { get; }
    internal int ChromaRows { get; }
    internal int Blueness { get; }
    internal int Redness { get; }
    internal int Wide { get; }
    internal int WideStride { get; }
    internal int Bytes { get; }

    /// <summary>Working space for <see cref="ChromaUpsampling"/>.</summary>
    internal int Sums { get; }

    internal static int Parts(int whole, int part) => (whole + part - 1) / part;

    static int Start(int end) => end + ChromaUpsampling.Beyond;
}
