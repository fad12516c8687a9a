using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Execution.Kernels;

/// <summary>Eight numbers in 256 bits.</summary>
readonly struct Register256(Vector256<float> numbers) : IRegister<Register256>
{
    readonly Vector256<float> numbers = numbers;

    public static int Count => Vector256<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register256 Create(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register256 Load(ref float from, nint at) => new(Vector256.LoadUnsafe(ref Unsafe.Add(ref from, at)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register256 Max(Register256 a, Register256 b) => new(Vector256.Max(a.numbers, b.numbers));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register256 MultiplyAdd(Register256 a, Register256 b, Register256 c) =>
        new(Vector256.FusedMultiplyAdd(a.numbers, b.numbers, c.numbers));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register256 operator +(Register256 a, Register256 b) => new(a.numbers + b.numbers);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register256 operator -(Register256 a, Register256 b) => new(a.numbers - b.numbers);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register256 operator *(Register256 a, Register256 b) => new(a.numbers * b.numbers);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float to) => numbers.StoreUnsafe(ref to);
}
