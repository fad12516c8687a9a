namespace MlPipelines.Execution.Kernels;

/// <summary>How one axis is laid out flat: each tap of a window becomes a phase (the residue of its offset by the stride)
/// and a shift within that phase.</summary>
/// <remarks>At output o a tap reads element o · stride + offset. With offset = Lowest + shift · stride + residue that is element o + shift
/// of the phase, which holds every stride-th element from Lowest + residue on: whatever the stride, each tap reads a phase without gaps.
/// Only phases that a tap reads are laid out.</remarks>
readonly struct FlatAxis
{
    /// <param name="size">Elements of data along the axis.</param>
    /// <param name="outputs">Positions of the window.</param>
    /// <param name="stride">Elements from one position to the next.</param>
    /// <param name="offsets">Element that each tap reads at position 0; those outside the data read zero.</param>
    public FlatAxis(int size, int outputs, int stride, int[] offsets)
    {
        (Size, Outputs, Stride) = (size, outputs, stride);
        Lowest = offsets.Min();
        var lowest = Lowest;
        var residues = offsets.Select(offset => (offset - lowest) % stride).ToArray();
        Phases = residues.Distinct().Order().ToArray();
        var phases = Phases;
        TapPhase = residues.Select(residue => Array.IndexOf(phases, residue)).ToArray();
        TapShift = offsets.Select(offset => (offset - lowest) / stride).ToArray();
        MaxShift = TapShift.Max();
    }

    public int Size { get; }
    public int Outputs { get; }
    public int Stride { get; }
    public int Lowest { get; }
    public int[] Phases { get; }
    public int[] TapPhase { get; }
    public int[] TapShift { get; }
    public int MaxShift { get; }

    /// <summary>Elements from one row to the next when this axis runs along the row.</summary>
    /// <remarks>A row of outputs reads Outputs + MaxShift elements. At stride 1 the zeros before a row, of which there are −Lowest, serve
    /// as those after the row above it: so far may reads run over the pitch, but data may not.</remarks>
    public int Pitch
    {
        get
        {
            var needed = Outputs + MaxShift;
            return Stride > 1 ? needed : Math.Max(Math.Max(Outputs, needed - Math.Max(0, -Lowest)), Math.Min(Size - Lowest, needed));
        }
    }

    /// <summary>The data's element at a position of a phase; outside [0, Size) there is a zero.</summary>
    public int Source(int phase, int position) => position * Stride + Phases[phase] + Lowest;
}
