namespace MlPipelines.Execution.Kernels;

/// <summary>Floats from one image, row and column to the next.</summary>
readonly record struct Steps(nint Image, nint Row, nint Column);

/// <summary>What is summed over, and how far apart it lies.</summary>
readonly record struct PanelSteps(int Images, int Rows, int Columns, Steps Stream, Steps Panel);

/// <summary>Sums of products over images, rows and columns: of a panel, which holds 16, 32, 48 or 64 numbers at each place, and of some
/// streams, which hold one number at each.</summary>
static class PanelBlock
{
    const int Narrow = 16, Half = 32, Middle = 48, Wide = 64;

    /// <summary>How many streams go with a panel of so many lanes.</summary>
    public static int Streams(int lanes) => lanes switch { Half => 12, Middle => 8, _ => 6 };

    /// <summary>The number of lanes: for 512-bit registers the one that wastes least.</summary>
    public static int Lanes(int side, int streams, bool wide)
    {
        if (!wide)
            return Narrow;
        var lanes = Padded(side, Wide, streams) < Padded(side, Middle, streams) ? Wide : Middle;
        return Padded(side, Half, streams) < Padded(side, lanes, streams) ? Half : lanes;
    }

    /// <summary>Whether at least four of five lanes are of use where so many numbers lie in panels.</summary>
    public static bool IsWellFilled(int side, int lanes) => 5 * side >= 4 * FlatPlanes.RoundUp(side, lanes);

    /// <summary>Products of a place, those of no use included.</summary>
    public static int Padded(int side, int lanes, int streams) =>
        FlatPlanes.RoundUp(side, lanes) * FlatPlanes.RoundUp(streams, Streams(lanes));

    /// <summary>Adds to the sums of as many streams as go with the lanes; offsets and sums must be there for all of them.</summary>
    /// <remarks>Each sum starts from zero, goes through images, rows and columns in this order, and is then added to what is
    /// there.</remarks>
    /// <param name="lanes">As <see cref="Lanes"/> gives.</param>
    /// <param name="steps">Images, rows and columns to sum over.</param>
    /// <param name="stream">Where offsets count from.</param>
    /// <param name="offsets">Where each stream begins.</param>
    /// <param name="panel">Start of the panel.</param>
    /// <param name="sums">What is added to: the lanes of each stream.</param>
    public static void Add(int lanes, in PanelSteps steps, ref float stream, ref int offsets, ref float panel, ref float sums)
    {
        if (lanes == Narrow)
            PanelBlock256.Add(steps, ref stream, ref offsets, ref panel, ref sums);
        else if (lanes == Wide)
            PanelBlock512.Add64(steps, ref stream, ref offsets, ref panel, ref sums);
        else if (lanes == Half)
            PanelBlock512.Add32(steps, ref stream, ref offsets, ref panel, ref sums);
        else
            PanelBlock512.Add48(steps, ref stream, ref offsets, ref panel, ref sums);
    }
}
