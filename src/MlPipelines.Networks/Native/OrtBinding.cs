using System.Runtime.InteropServices;
using MlPipelines.Tensors;

namespace MlPipelines.Native;

/// <summary>Inputs and outputs of a session fixed to blocks of memory.</summary>
sealed unsafe class OrtBinding : SafeHandle
{
    readonly OrtEnvironment environment = OrtEnvironment.Current;
    readonly OrtSession session;
    readonly List<nint> values = [];
    readonly List<AlignedMemory> held = [];

    internal OrtBinding(OrtSession session) : base(0, ownsHandle: true)
    {
        this.session = session;
        var entered = false;
        session.DangerousAddRef(ref entered);
        nint binding;
        var status = environment.Api.CreateIoBinding(session.DangerousGetHandle(), &binding);
        if (status != 0)
        {
            session.DangerousRelease();
            throw environment.Api.Failure(status, "Binding");
        }
        SetHandle(binding);
    }

    public override bool IsInvalid => handle == 0;

    internal void BindInput(string name, AlignedMemory memory, ElementType type, Shape shape) =>
        environment.Api.Check(environment.Api.BindInput(handle, (byte*)session.InputName(name), Hold(name, memory, type, shape)), name);

    internal void BindOutput(string name, AlignedMemory memory, ElementType type, Shape shape) =>
        environment.Api.Check(environment.Api.BindOutput(handle, (byte*)session.OutputName(name), Hold(name, memory, type, shape)), name);

    internal void Run()
    {
        var entered = false;
        try
        {
            DangerousAddRef(ref entered);
            session.Run(handle);
        }
        finally
        {
            if (entered)
                DangerousRelease();
        }
    }

    nint Hold(string name, AlignedMemory memory, ElementType type, Shape shape)
    {
        var entered = false;
        memory.DangerousAddRef(ref entered);
        held.Add(memory);
        var value = OrtValues.Over(environment, (void*)memory.DangerousGetHandle(), type, shape, (nuint)memory.Length, name);
        values.Add(value);
        return value;
    }

    protected override bool ReleaseHandle()
    {
        environment.Api.ReleaseIoBinding(handle);
        foreach (var value in values)
            environment.Api.ReleaseValue(value);
        foreach (var memory in held)
            memory.DangerousRelease();
        session.DangerousRelease();
        return true;
    }
}
