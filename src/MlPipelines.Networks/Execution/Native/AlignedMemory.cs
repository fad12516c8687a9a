using System.Runtime.InteropServices;

namespace MlPipelines.Native;

/// <summary>A block of memory outside the managed heap, aligned for vector instructions, zeroed; freed once, after its last user.</summary>
sealed unsafe class AlignedMemory : SafeHandle
{
    internal const int Alignment = 64;

    internal AlignedMemory(int length) : base(0, ownsHandle: true)
    {
        Length = length;
        var address = NativeMemory.AlignedAlloc((nuint)Math.Max(length, 1), Alignment);
        NativeMemory.Clear(address, (nuint)length);
        SetHandle((nint)address);
    }

    internal int Length { get; }

    public override bool IsInvalid => handle == 0;

    internal Span<byte> Bytes => new((void*)handle, Length);

    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
