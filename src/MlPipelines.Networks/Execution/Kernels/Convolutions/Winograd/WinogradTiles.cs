using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Execution.Kernels;

/// <summary>The linear maps of Winograd's F(4×4, 3×3), each for numbers side by side: 6×6 inputs, 3×3 weights and 6×6 products to 4×4
/// outputs; and those of its gradient with respect to the weights.</summary>
/// <remarks>Y = Aᵀ·[(G·g·Gᵀ) ⊙ (Bᵀ·d·B)]·A; products are summed over channels before Aᵀ and A. With the gradient E of Y, that of g is
/// Gᵀ·[(A·E·Aᵀ) ⊙ (Bᵀ·d·B)]·G; here products are summed over tiles. Place 6 · row + column of a tile is <c>place</c> floats behind the
/// one before it.
/// A line of six inputs and one of three weights are polynomials of which the products are values at 0, ±a, ±b and infinity. With a = 5/8
/// and b = 3/2 sums are at most twice as far from the exact ones as those of the plain algorithm in floats (root of the mean square; 1.0 to
/// 1.8 times with 64 and 256 channels); with the usual 1 and 2 it is twice to four times as far.
/// Source: Lavin, Gray 2015, arXiv:1509.09308; on the choice of points Barabasz et al. 2018, arXiv:1803.10986.</remarks>
static class WinogradTiles<TRegister> where TRegister : struct, IRegister<TRegister>
{
    /// <summary>Outputs of a tile's side, and how far it is from one tile to the next.</summary>
    public const int Outputs = 4;

    /// <summary>Inputs of a tile's side.</summary>
    public const int Side = Outputs + 2;

    public const int Places = Side * Side;

    const int Line = 16;
    const float A = 5 / 8f, B = 3 / 2f, A2 = A * A, B2 = B * B, Near = 2 * A2 * (A2 - B2), Far = 2 * B2 * (B2 - A2);

    /// <summary>Whether registers are those of 512 bits.</summary>
    public static bool IsWide => TRegister.Count == Vector512<float>.Count;

    /// <summary>Tiles that cover so many outputs.</summary>
    public static int Over(int outputs) => (outputs + Outputs - 1) / Outputs;

    /// <summary>Elements from one row to the next of an image that so many tiles cover: an odd number of at least what they read, for the
    /// same reason as <see cref="Spaced"/>.</summary>
    public static int Width(int tiles) => Outputs * tiles + 3;

    /// <summary>Floats from one place to the next where so many are needed: an odd number of cache lines, since with a round one all places
    /// of a tile would share the same few sets of a cache.</summary>
    public static int Spaced(int floats) => ((floats + Line - 1) / Line | 1) * Line;

    /// <summary>Bᵀ·d of one column of inputs, or d·B of one row: six to six.</summary>
    /// <param name="d">The first input.</param>
    /// <param name="step">Floats from one input to the next.</param>
    /// <param name="v">The first result.</param>
    /// <param name="place">Floats from one result to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input(ref float d, nint step, ref float v, nint place)
    {
        var (p, q, r) = (Load(ref d, 0), Load(ref d, step), Load(ref d, 2 * step));
        var (s, t, u) = (Load(ref d, 3 * step), Load(ref d, 4 * step), Load(ref d, 5 * step));
        var (a2, b2) = (TRegister.Create(-A2), TRegister.Create(-B2));
        var (middle, product) = (TRegister.Create(-A2 - B2), TRegister.Create(A2 * B2));
        Add(product, p, Add(middle, r, t)).Store(ref v);
        var (even, odd) = (Add(b2, r, t), TRegister.Create(A) * Add(b2, q, s));
        (even + odd).Store(ref Unsafe.Add(ref v, place));
        (even - odd).Store(ref Unsafe.Add(ref v, 2 * place));
        (even, odd) = (Add(a2, r, t), TRegister.Create(B) * Add(a2, q, s));
        (even + odd).Store(ref Unsafe.Add(ref v, 3 * place));
        (even - odd).Store(ref Unsafe.Add(ref v, 4 * place));
        Add(product, q, Add(middle, s, u)).Store(ref Unsafe.Add(ref v, 5 * place));
    }

    /// <summary>A·E of one column of the outputs' gradient, or E·Aᵀ of one row: four to six.</summary>
    /// <param name="e">The first number.</param>
    /// <param name="step">Floats from one number to the next.</param>
    /// <param name="v">The first result.</param>
    /// <param name="place">Floats from one result to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Gradient(ref float e, nint step, ref float v, nint place)
    {
        var (p, q, r, s) = (Load(ref e, 0), Load(ref e, step), Load(ref e, 2 * step), Load(ref e, 3 * step));
        p.Store(ref v);
        var (even, odd) = (Add(TRegister.Create(A2), r, p), TRegister.Create(A) * Add(TRegister.Create(A2), s, q));
        (even + odd).Store(ref Unsafe.Add(ref v, place));
        (even - odd).Store(ref Unsafe.Add(ref v, 2 * place));
        (even, odd) = (Add(TRegister.Create(B2), r, p), TRegister.Create(B) * Add(TRegister.Create(B2), s, q));
        (even + odd).Store(ref Unsafe.Add(ref v, 3 * place));
        (even - odd).Store(ref Unsafe.Add(ref v, 4 * place));
        s.Store(ref Unsafe.Add(ref v, 5 * place));
    }

    /// <summary>U = G·g·Gᵀ, of weights that lie <paramref name="places"/> floats from the first, row by row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Weights(ref float g, ReadOnlySpan<int> places, ref float u, nint place)
    {
        for (var column = 0; column < 3; column++)
            WeightLine(Load(ref g, places[column]), Load(ref g, places[3 + column]), Load(ref g, places[6 + column]),
                ref Unsafe.Add(ref u, column * place), Side * place);
        // Each row's three results lie where its first places will be.
        for (var row = 0; row < Side; row++)
        {
            ref var line = ref Unsafe.Add(ref u, row * Side * place);
            WeightLine(Load(ref line, 0), Load(ref line, place), Load(ref line, 2 * place), ref line, place);
        }
    }

    /// <summary>Aᵀ·m of one column of products: six to four.</summary>
    /// <param name="m">The first product.</param>
    /// <param name="step">Floats from one product to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TRegister First, TRegister Second, TRegister Third, TRegister Fourth) Output(ref float m, nint step) =>
        Output(Load(ref m, 0), Load(ref m, step), Load(ref m, 2 * step), Load(ref m, 3 * step), Load(ref m, 4 * step),
            Load(ref m, 5 * step));

    /// <summary>m·A of one row of products: six to four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TRegister First, TRegister Second, TRegister Third, TRegister Fourth) Output(TRegister p, TRegister q, TRegister r,
        TRegister s, TRegister t, TRegister u)
    {
        var (near, far, inner, outer) = (q + r, s + t, q - r, s - t);
        return (p + near + far,
            Add(TRegister.Create(A), inner, TRegister.Create(B) * outer),
            Add(TRegister.Create(A2), near, TRegister.Create(B2) * far),
            Add(TRegister.Create(A2 * A), inner, Add(TRegister.Create(B2 * B), outer, u)));
    }

    /// <summary>Gᵀ·m·G: products to the gradient of the weights, row by row.</summary>
    /// <param name="m">The first product.</param>
    /// <param name="place">Floats from one product to the next.</param>
    /// <param name="dg">The first result.</param>
    /// <param name="step">Floats from one result to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WeightGradient(ref float m, nint place, ref float dg, nint step)
    {
        var (p0, p1, p2) = WeightGradient(ref m, Side * place);
        var (q0, q1, q2) = WeightGradient(ref Unsafe.Add(ref m, place), Side * place);
        var (r0, r1, r2) = WeightGradient(ref Unsafe.Add(ref m, 2 * place), Side * place);
        var (s0, s1, s2) = WeightGradient(ref Unsafe.Add(ref m, 3 * place), Side * place);
        var (t0, t1, t2) = WeightGradient(ref Unsafe.Add(ref m, 4 * place), Side * place);
        var (u0, u1, u2) = WeightGradient(ref Unsafe.Add(ref m, 5 * place), Side * place);
        StoreThree(WeightGradient(p0, q0, r0, s0, t0, u0), ref dg, step);
        StoreThree(WeightGradient(p1, q1, r1, s1, t1, u1), ref Unsafe.Add(ref dg, 3 * step), step);
        StoreThree(WeightGradient(p2, q2, r2, s2, t2, u2), ref Unsafe.Add(ref dg, 6 * step), step);
    }

    /// <summary>Gᵀ·m of one column of products: six to three.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (TRegister First, TRegister Second, TRegister Third) WeightGradient(ref float m, nint step) =>
        WeightGradient(Load(ref m, 0), Load(ref m, step), Load(ref m, 2 * step), Load(ref m, 3 * step), Load(ref m, 4 * step),
            Load(ref m, 5 * step));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (TRegister First, TRegister Second, TRegister Third) WeightGradient(TRegister p, TRegister q, TRegister r, TRegister s,
        TRegister t, TRegister u)
    {
        var (near, far) = (TRegister.Create(1 / Near) * (q + r), TRegister.Create(1 / Far) * (s + t));
        var odd = Add(TRegister.Create(A / Near), q - r, TRegister.Create(B / Far) * (s - t));
        return (Add(TRegister.Create(1 / (A2 * B2)), p, near + far), odd,
            Add(TRegister.Create(A2), near, Add(TRegister.Create(B2), far, u)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void StoreThree((TRegister First, TRegister Second, TRegister Third) row, ref float to, nint step)
    {
        row.First.Store(ref to);
        row.Second.Store(ref Unsafe.Add(ref to, step));
        row.Third.Store(ref Unsafe.Add(ref to, 2 * step));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void WeightLine(TRegister p, TRegister q, TRegister r, ref float u, nint place)
    {
        (p * TRegister.Create(1 / (A2 * B2))).Store(ref u);
        var (even, odd) = (Add(TRegister.Create(A2 / Near), r, p * TRegister.Create(1 / Near)), q * TRegister.Create(A / Near));
        (even + odd).Store(ref Unsafe.Add(ref u, place));
        (even - odd).Store(ref Unsafe.Add(ref u, 2 * place));
        (even, odd) = (Add(TRegister.Create(B2 / Far), r, p * TRegister.Create(1 / Far)), q * TRegister.Create(B / Far));
        (even + odd).Store(ref Unsafe.Add(ref u, 3 * place));
        (even - odd).Store(ref Unsafe.Add(ref u, 4 * place));
        r.Store(ref Unsafe.Add(ref u, 5 * place));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TRegister Load(ref float from, nint at) => TRegister.Load(ref from, at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TRegister Add(TRegister a, TRegister b, TRegister c) => TRegister.MultiplyAdd(a, b, c);
}
