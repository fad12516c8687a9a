using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Execution.Kernels;

/// <summary>Sixteen numbers in 512 bits.</summary>
readonly struct Register512(Vector512<float> numbers) : IRegister<Register512>
{
    readonly Vector512<float> numbers = numbers;

    public static int Count => Vector512<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register512 Create(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register512 Load(ref float from, nint at) => new(Vector512.LoadUnsafe(ref Unsafe.Add(ref from, at)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register512 Max(Register512 a, Register512 b) => new(Vector512.Max(a.numbers, b.numbers));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register512 MultiplyAdd(Register512 a, Register512 b, Register512 c) =>
        new(Vector512.FusedMultiplyAdd(a.numbers, b.numbers, c.numbers));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register512 operator +(Register512 a, Register512 b) => new(a.numbers + b.numbers);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register512 operator -(Register512 a, Register512 b) => new(a.numbers - b.numbers);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register512 operator *(Register512 a, Register512 b) => new(a.numbers * b.numbers);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float to) => numbers.StoreUnsafe(ref to);
}
