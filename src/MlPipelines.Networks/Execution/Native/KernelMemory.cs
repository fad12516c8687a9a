using System.Buffers;
using System.Runtime.InteropServices;

namespace MlPipelines.Native;

/// <summary>Elements of a kernel's input or output as memory that lambdas can hold; valid during the call only.</summary>
sealed unsafe class KernelMemory<T>(T* first, int length) : MemoryManager<T> where T : unmanaged
{
    public override Span<T> GetSpan() => new(first, length);
    public override MemoryHandle Pin(int elementIndex = 0) => new(first + elementIndex);
    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}

/// <summary>One lambda as the body of a parallel loop.</summary>
readonly struct KernelLambda(nint handle) : IParallelBody
{
    public void Run(int index) => ((Action<int>)GCHandle.FromIntPtr(handle).Target!)(index);
}
