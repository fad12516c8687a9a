using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MlPipelines.Execution.Kernels;

/// <summary>Rows of tiles, side by side, over an image of which channels lie side by side at each place.</summary>
/// <param name="Across">Tiles of a row.</param>
/// <param name="Width">Places of a row of the image.</param>
/// <param name="Channels">How many channels; as many as fill registers.</param>
readonly record struct TileBand(int Across, int Width, int Channels)
{
    /// <summary>Maps the rows and columns of each tile.</summary>
    /// <remarks>Takes <see cref="Scratch.Use.Sums"/>.</remarks>
    /// <param name="image">Of the first tile the first number.</param>
    /// <param name="rows">Rows of tiles.</param>
    /// <param name="tiles">Where the first tile's first place goes; channels of a tile lie side by side, tile after tile.</param>
    /// <param name="place">Floats from one place of all tiles to the next.</param>
    // Its own method, or the compiler would run out of what it may inline into it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Turn<TRegister, TLine>(ref float image, int rows, ref float tiles, nint place)
        where TRegister : struct, IRegister<TRegister> where TLine : ITileLine
    {
        // A column is mapped once for the tiles that share it: [column][place of the row].
        const int step = WinogradTiles<TRegister>.Outputs, side = WinogradTiles<TRegister>.Side;
        var (columns, count) = (step * (Across - 1) + TLine.Length, TRegister.Count);
        ref var lines = ref MemoryMarshal.GetReference(Scratch.Take(Scratch.Use.Sums, columns * side * count));
        for (var row = 0; row < rows; row++)
            for (var c = 0; c < Channels; c += count)
            {
                ref var from = ref Unsafe.Add(ref image, row * step * Width * Channels + c);
                ref var to = ref Unsafe.Add(ref tiles, row * Across * Channels + c);
                for (var column = 0; column < columns; column++)
                    TLine.Run<TRegister>(ref Unsafe.Add(ref from, column * Channels), Width * Channels,
                        ref Unsafe.Add(ref lines, column * side * count), count);
                for (var tile = 0; tile < Across; tile++)
                    for (var line = 0; line < side; line++)
                        TLine.Run<TRegister>(ref Unsafe.Add(ref lines, (tile * step * side + line) * count), side * count,
                            ref Unsafe.Add(ref to, line * side * place + tile * Channels), place);
            }
    }
}
