using System.Runtime.CompilerServices;

namespace MlPipelines.Execution.Kernels;

/// <summary>The three linear maps of Winograd's F(2×2, 3×3), each for numbers side by side: 4×4 inputs, 3×3 weights and 4×4 products to
/// 2×2 outputs.</summary>
/// <remarks>Y = Aᵀ·[(G·g·Gᵀ) ⊙ (Bᵀ·d·B)]·A, where rows are separated by semicolons
/// Bᵀ = [1 0 −1 0; 0 1 1 0; 0 −1 1 0; 0 1 0 −1], G = [1 0 0; ½ ½ ½; ½ −½ ½; 0 0 1], Aᵀ = [1 1 1 0; 0 1 −1 −1].
/// Products are summed over channels before Aᵀ and A. Place 4 · row + column of a tile is <c>place</c> floats behind the one before it.
/// Source: Lavin, Gray 2015, arXiv:1509.09308, section 4.1.</remarks>
static class WinogradTiles<TRegister> where TRegister : struct, IRegister<TRegister>
{
    public const int Places = 16;

    /// <summary>V = Bᵀ·d·B.</summary>
    /// <param name="d">The first input.</param>
    /// <param name="row">Floats from one row of inputs to the next.</param>
    /// <param name="column">Floats from one input to the next.</param>
    /// <param name="v">The first result.</param>
    /// <param name="place">Floats from one result to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input(ref float d, nint row, nint column, ref float v, nint place)
    {
        var (a0, a1, a2, a3) = InputColumn(ref d, row);
        var (b0, b1, b2, b3) = InputColumn(ref Unsafe.Add(ref d, column), row);
        var (c0, c1, c2, c3) = InputColumn(ref Unsafe.Add(ref d, 2 * column), row);
        var (d0, d1, d2, d3) = InputColumn(ref Unsafe.Add(ref d, 3 * column), row);
        StoreFour(a0 - c0, b0 + c0, c0 - b0, b0 - d0, ref v, place);
        StoreFour(a1 - c1, b1 + c1, c1 - b1, b1 - d1, ref Unsafe.Add(ref v, 4 * place), place);
        StoreFour(a2 - c2, b2 + c2, c2 - b2, b2 - d2, ref Unsafe.Add(ref v, 8 * place), place);
        StoreFour(a3 - c3, b3 + c3, c3 - b3, b3 - d3, ref Unsafe.Add(ref v, 12 * place), place);
    }

    /// <summary>U = G·g·Gᵀ, of weights that lie <paramref name="places"/> floats from the first, row by row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Weights(ref float g, ReadOnlySpan<int> places, ref float u, nint place)
    {
        var (a0, a1, a2, a3) = WeightColumn(Load(ref g, places[0]), Load(ref g, places[3]), Load(ref g, places[6]));
        var (b0, b1, b2, b3) = WeightColumn(Load(ref g, places[1]), Load(ref g, places[4]), Load(ref g, places[7]));
        var (c0, c1, c2, c3) = WeightColumn(Load(ref g, places[2]), Load(ref g, places[5]), Load(ref g, places[8]));
        StoreWeights(a0, b0, c0, ref u, place);
        StoreWeights(a1, b1, c1, ref Unsafe.Add(ref u, 4 * place), place);
        StoreWeights(a2, b2, c2, ref Unsafe.Add(ref u, 8 * place), place);
        StoreWeights(a3, b3, c3, ref Unsafe.Add(ref u, 12 * place), place);
    }

    /// <summary>Y = Aᵀ·m·A.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output(ref float m, nint place, out TRegister y00, out TRegister y01, out TRegister y10,
        out TRegister y11)
    {
        OutputRow(ref m, place, out var a0, out var a1);
        OutputRow(ref Unsafe.Add(ref m, place), place, out var b0, out var b1);
        OutputRow(ref Unsafe.Add(ref m, 2 * place), place, out var c0, out var c1);
        OutputRow(ref Unsafe.Add(ref m, 3 * place), place, out var d0, out var d1);
        (y00, y01, y10, y11) = (a0 + b0 + c0, b0 - c0 - d0, a1 + b1 + c1, b1 - c1 - d1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TRegister Load(ref float from, nint at) => TRegister.Load(ref from, at);

    /// <summary>One column of inputs, by rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (TRegister First, TRegister Second, TRegister Third, TRegister Fourth) InputColumn(ref float d,
        nint row)
    {
        var (p, q, r, s) = (Load(ref d, 0), Load(ref d, row), Load(ref d, 2 * row), Load(ref d, 3 * row));
        return (p - r, q + r, r - q, q - s);
    }

    /// <summary>One column of weights, by rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (TRegister First, TRegister Second, TRegister Third, TRegister Fourth) WeightColumn(
        TRegister p, TRegister q, TRegister r)
    {
        var half = TRegister.Create(0.5f);
        var (ends, middle) = ((p + r) * half, q * half);
        return (p, ends + middle, ends - middle, r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void StoreWeights(TRegister p, TRegister q, TRegister r, ref float u, nint place)
    {
        var (first, second, third, fourth) = WeightColumn(p, q, r);
        StoreFour(first, second, third, fourth, ref u, place);
    }

    /// <summary>One column of products, by rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void OutputRow(ref float m, nint place, out TRegister upper, out TRegister lower)
    {
        var (p, q, r, s) = (Load(ref m, 0), Load(ref m, 4 * place), Load(ref m, 8 * place), Load(ref m, 12 * place));
        (upper, lower) = (p + q + r, q - r - s);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void StoreFour(TRegister p, TRegister q, TRegister r, TRegister s, ref float to, nint place)
    {
        p.Store(ref to);
        q.Store(ref Unsafe.Add(ref to, place));
        r.Store(ref Unsafe.Add(ref to, 2 * place));
        s.Store(ref Unsafe.Add(ref to, 3 * place));
    }
}
