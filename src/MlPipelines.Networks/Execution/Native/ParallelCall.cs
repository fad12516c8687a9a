using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace MlPipelines.Native;

/// <summary>One parallel loop on its way through ONNX Runtime's threads; lies on the caller's stack.</summary>
/// <remarks>It may, since the runtime returns only when all steps have ended. Steps run on threads of its pool and on the caller's, through
/// native frames that no exception may cross: the first is kept by a GC handle, as the struct can hold no references.</remarks>
unsafe struct ParallelCall
{
    void* body;
    delegate*<void*, int, void> invoke;
    nint exception;

    internal static void Run<TBody>(OrtFunctions api, nint context, int total, TBody* body) where TBody : unmanaged, IParallelBody
    {
        var call = new ParallelCall { body = body, invoke = &Invoke<TBody> };
        api.Check(api.KernelContextParallelFor(context, &Step, (nuint)total, 0, &call));
        if (call.exception == 0)
            return;
        var handle = GCHandle.FromIntPtr(call.exception);
        var exception = (Exception)handle.Target!;
        handle.Free();
        ExceptionDispatchInfo.Throw(exception);
    }

    static void Invoke<TBody>(void* body, int index) where TBody : unmanaged, IParallelBody => ((TBody*)body)->Run(index);

    [UnmanagedCallersOnly]
    static void Step(void* state, nuint index)
    {
        var call = (ParallelCall*)state;
        try
        {
            call->invoke(call->body, (int)index);
        }
#pragma warning disable CA1031 // No exception may cross the runtime's own frames; Run throws it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var handle = GCHandle.Alloc(e);
            if (Interlocked.CompareExchange(ref call->exception, GCHandle.ToIntPtr(handle), 0) != 0)
                handle.Free();
        }
    }
}
