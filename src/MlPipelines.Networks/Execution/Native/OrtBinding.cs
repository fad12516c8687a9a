using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using MlPipelines.Tensors;

namespace MlPipelines.Native;

/// <summary>Inputs and outputs of a session fixed to blocks of memory.</summary>
/// <remarks>A handle, so that disposing waits for a run under way, and memory and session go after what is bound to them.</remarks>
sealed unsafe class OrtBinding : SafeHandle
{
    readonly OrtSession session;
    readonly OrtIoBinding binding;
    readonly List<AlignedMemory> held = [];

    internal OrtBinding(OrtSession session) : base(0, ownsHandle: true)
    {
        (this.session, binding) = (session, session.Bind());
        SetHandle(1);
    }

    public override bool IsInvalid => handle == 0;

    internal void BindInput(string name, AlignedMemory memory, ElementType type, Shape shape) =>
        Hold(session.InputName(name), memory, type, shape, binding.BindInput);

    internal void BindOutput(string name, AlignedMemory memory, ElementType type, Shape shape) =>
        Hold(session.OutputName(name), memory, type, shape, binding.BindOutput);

    internal void Run()
    {
        var entered = false;
        try
        {
            DangerousAddRef(ref entered);
            session.Run(binding);
        }
        finally
        {
            if (entered)
                DangerousRelease();
        }
    }

    void Hold(string name, AlignedMemory memory, ElementType type, Shape shape, Action<string, OrtValue> bind)
    {
        var entered = false;
        memory.DangerousAddRef(ref entered);
        held.Add(memory);
        try
        {
            // What is bound keeps the value's own description of the memory.
            using var value = OrtValues.Over((void*)memory.DangerousGetHandle(), type, shape, memory.Length);
            bind(name, value);
        }
        catch (OnnxRuntimeException error)
        {
            throw NativeException.From(error, name);
        }
    }

    protected override bool ReleaseHandle()
    {
        binding.Dispose();
        foreach (var memory in held)
            memory.DangerousRelease();
        session.DangerousRelease();
        return true;
    }
}
