using System.Runtime.InteropServices;

namespace MlPipelines.Native;

/// <summary>ONNX Runtime's description of a custom operator: a version and function pointers, as it stood in version 17,
/// and our operator behind it.</summary>
/// <remarks>Order and size of the fields are the runtime's, up to the two last, which it does not know: it hands out the address that it
/// was given, and so they are found again. The address must stay until the sessions are gone that were made with it; they, and each kernel,
/// hold their C# objects by GC handles. Source: struct OrtCustomOp of onnxruntime_c_api.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
unsafe struct OrtCustomOp
{
    const int Required = 0, Optional = 1, Variadic = 2;

    uint version;
    nint createKernel;
    delegate* unmanaged<OrtCustomOp*, byte*> getName;
    delegate* unmanaged<OrtCustomOp*, byte*> getExecutionProviderType;
    delegate* unmanaged<OrtCustomOp*, nuint, int> getInputType;
    delegate* unmanaged<OrtCustomOp*, nuint> getInputTypeCount;
    delegate* unmanaged<OrtCustomOp*, nuint, int> getOutputType;
    delegate* unmanaged<OrtCustomOp*, nuint> getOutputTypeCount;
    nint kernelCompute;
    delegate* unmanaged<nint, void> kernelDestroy;
    delegate* unmanaged<OrtCustomOp*, nuint, int> getInputCharacteristic;
    delegate* unmanaged<OrtCustomOp*, nuint, int> getOutputCharacteristic;
    delegate* unmanaged<OrtCustomOp*, nuint, int> getInputMemoryType;
    delegate* unmanaged<OrtCustomOp*, int> getVariadicInputMinArity;
    delegate* unmanaged<OrtCustomOp*, int> getVariadicInputHomogeneity;
    delegate* unmanaged<OrtCustomOp*, int> getVariadicOutputMinArity;
    delegate* unmanaged<OrtCustomOp*, int> getVariadicOutputHomogeneity;
    delegate* unmanaged<OrtCustomOp*, nint, nint, nint*, nint> createKernelV2;
    delegate* unmanaged<nint, nint, nint> kernelComputeV2;
    nint inferOutputShape;
    delegate* unmanaged<OrtCustomOp*, int> getStartVersion;
    delegate* unmanaged<OrtCustomOp*, int> getEndVersion;
    nint getMayInplace, releaseMayInplace, getAliasMap, releaseAliasMap;

    // Ours.
    nint name;
    nint managed;

    internal static OrtCustomOp* Create(CustomOperator operation)
    {
        var op = (OrtCustomOp*)NativeMemory.AllocZeroed((nuint)sizeof(OrtCustomOp));
        *op = new()
        {
            version = OrtFunctions.LeastVersion,
            getName = &GetName,
            getExecutionProviderType = &GetExecutionProviderType,
            getInputType = &GetInputType,
            getInputTypeCount = &GetInputTypeCount,
            getOutputType = &GetOutputType,
            getOutputTypeCount = &GetOutputTypeCount,
            kernelDestroy = &KernelDestroy,
            getInputCharacteristic = &GetInputCharacteristic,
            getOutputCharacteristic = &GetOutputCharacteristic,
            getInputMemoryType = &GetInputMemoryType,
            getVariadicInputMinArity = &One,
            getVariadicInputHomogeneity = &One,
            getVariadicOutputMinArity = &One,
            getVariadicOutputHomogeneity = &One,
            createKernelV2 = &CreateKernel,
            kernelComputeV2 = &KernelCompute,
            getStartVersion = &One,
            getEndVersion = &LastVersion,
            name = Marshal.StringToCoTaskMemUTF8(operation.Name),
            managed = GCHandle.ToIntPtr(GCHandle.Alloc(operation)),
        };
        return op;
    }

    internal static void Free(OrtCustomOp* op)
    {
        Marshal.FreeCoTaskMem(op->name);
        GCHandle.FromIntPtr(op->managed).Free();
        NativeMemory.Free(op);
    }

    static T Managed<T>(nint handle) where T : class => (T)GCHandle.FromIntPtr(handle).Target!;

    static CustomOperator Operator(OrtCustomOp* op) => Managed<CustomOperator>(op->managed);

    /// <summary>A status that carries the exception's message.</summary>
    static nint Status(Exception exception)
    {
        const int RuntimeException = 6;
        fixed (byte* text =
            Utf8.Bytes(exception is NativeException ? exception.Message : $"{exception.GetType().Name}: {exception.Message}"))
            return OrtFunctions.Current.CreateStatus(RuntimeException, text);
    }

#pragma warning disable CA1031 // No exception may cross the runtime's own frames; the status carries it.
    [UnmanagedCallersOnly]
    static nint CreateKernel(OrtCustomOp* op, nint api, nint info, nint* kernel)
    {
        try
        {
            *kernel = GCHandle.ToIntPtr(GCHandle.Alloc(Operator(op).CreateKernel(new KernelAttributes(info))));
            return 0;
        }
        catch (Exception e)
        {
            *kernel = 0;
            return Status(e);
        }
    }

    [UnmanagedCallersOnly]
    static nint KernelCompute(nint kernel, nint context)
    {
        try
        {
            Managed<CustomKernel>(kernel).Compute(new KernelContext(context));
            return 0;
        }
        catch (Exception e)
        {
            return Status(e);
        }
    }
#pragma warning restore CA1031

    [UnmanagedCallersOnly]
    static void KernelDestroy(nint kernel)
    {
        if (kernel != 0)
            GCHandle.FromIntPtr(kernel).Free();
    }

    [UnmanagedCallersOnly]
    static byte* GetName(OrtCustomOp* op) => (byte*)op->name;

    [UnmanagedCallersOnly]
    static byte* GetExecutionProviderType(OrtCustomOp* op) => null;

    [UnmanagedCallersOnly]
    static int GetInputType(OrtCustomOp* op, nuint index) => (int)Operator(op).Inputs[(int)index];

    [UnmanagedCallersOnly]
    static nuint GetInputTypeCount(OrtCustomOp* op) => (nuint)Operator(op).Inputs.Count;

    [UnmanagedCallersOnly]
    static int GetOutputType(OrtCustomOp* op, nuint index) => (int)Operator(op).Outputs[(int)index];

    [UnmanagedCallersOnly]
    static nuint GetOutputTypeCount(OrtCustomOp* op) => (nuint)Operator(op).Outputs.Count;

    [UnmanagedCallersOnly]
    static int GetInputCharacteristic(OrtCustomOp* op, nuint index)
    {
        var operation = Operator(op);
        var fromEnd = operation.Inputs.Count - (int)index;
        return operation.VariadicInput && fromEnd == 1 ? Variadic : fromEnd <= operation.OptionalInputs ? Optional : Required;
    }

    [UnmanagedCallersOnly]
    static int GetOutputCharacteristic(OrtCustomOp* op, nuint index)
    {
        var operation = Operator(op);
        return operation.VariadicOutput && (int)index == operation.Outputs.Count - 1 ? Variadic : Required;
    }

    [UnmanagedCallersOnly]
    static int GetInputMemoryType(OrtCustomOp* op, nuint index) => 0;

    [UnmanagedCallersOnly]
    static int One(OrtCustomOp* op) => 1;

    [UnmanagedCallersOnly]
    static int LastVersion(OrtCustomOp* op) => int.MaxValue;
}
