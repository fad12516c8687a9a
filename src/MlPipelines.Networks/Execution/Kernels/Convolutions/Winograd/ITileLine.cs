using System.Runtime.CompilerServices;

namespace MlPipelines.Execution.Kernels;

/// <summary>The map of one line of numbers that a tile covers to the six of its places.</summary>
interface ITileLine
{
    /// <summary>How many numbers a line has.</summary>
    static abstract int Length { get; }

    /// <summary>Maps a line; registers hold the numbers of several lines.</summary>
    static abstract void Run<TRegister>(ref float from, nint step, ref float to, nint place) where TRegister : struct, IRegister<TRegister>;
}

/// <summary>Of inputs.</summary>
readonly struct InputLine : ITileLine
{
    public static int Length => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TRegister>(ref float from, nint step, ref float to, nint place)
        where TRegister : struct, IRegister<TRegister> => WinogradTiles<TRegister>.Input(ref from, step, ref to, place);
}

/// <summary>Of the gradient of outputs.</summary>
readonly struct GradientLine : ITileLine
{
    public static int Length => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TRegister>(ref float from, nint step, ref float to, nint place)
        where TRegister : struct, IRegister<TRegister> => WinogradTiles<TRegister>.Gradient(ref from, step, ref to, place);
}
