using System.Buffers;
using System.Runtime.InteropServices;
using MlPipelines.Tensors;

namespace MlPipelines.Native;

/// <summary>A session of ONNX Runtime: the only place that runs one.</summary>
sealed unsafe class OrtSession : SafeHandle
{
    readonly OrtEnvironment environment = OrtEnvironment.Current;
    readonly OrtApi api = OrtEnvironment.Current.Api;
    readonly OrtCustomOperators? operators;
    readonly Dictionary<string, nint> inputNames = [], outputNames = [];

    OrtSession(nint session, OrtCustomOperators? operators) : base(0, ownsHandle: true)
    {
        SetHandle(session);
        this.operators = operators;
        Inputs = OrtModelFacts.Inputs(session);
        Outputs = OrtModelFacts.Outputs(session);
        Metadata = OrtModelFacts.Metadata(session);
        foreach (var input in Inputs)
            inputNames[input.Name] = Utf8.Copy(input.Name);
        foreach (var output in Outputs)
            outputNames[output.Name] = Utf8.Copy(output.Name);
    }

    internal IReadOnlyList<OrtValueFacts> Inputs { get; }
    internal IReadOnlyList<OrtValueFacts> Outputs { get; }
    internal IReadOnlyDictionary<string, string> Metadata { get; }

    public override bool IsInvalid => handle == 0;

    /// <param name="where">How error messages name the model.</param>
    /// <param name="model">The model's bytes; read while the session is made, not kept.</param>
    /// <param name="settings">How to run it.</param>
    /// <param name="operators">Custom operators; the session disposes of them.</param>
    internal static OrtSession FromBytes(string where, ReadOnlySpan<byte> model, OrtSessionSettings settings, OrtCustomOperators? operators)
    {
        var environment = OrtEnvironment.Current;
        nint session;
        fixed (byte* bytes = model)
            environment.Api.Check(environment.Api.CreateSessionFromArray(environment.Handle, bytes, (nuint)model.Length, settings.Handle, &session), where);
        return new OrtSession(session, operators);
    }

    internal static OrtSession FromFile(string path, OrtSessionSettings settings, OrtCustomOperators? operators)
    {
        var environment = OrtEnvironment.Current;
        nint session;
        fixed (byte* name = Utf8.Path(path))
            environment.Api.Check(environment.Api.CreateSession(environment.Handle, name, settings.Handle, &session), path);
        return new OrtSession(session, operators);
    }

    internal nint InputName(string name) => Find(inputNames, name, "input");
    internal nint OutputName(string name) => Find(outputNames, name, "output");

    static nint Find(Dictionary<string, nint> names, string name, string side) => names.TryGetValue(name, out var found)
        ? found
        : throw new ArgumentException($"Session: got '{name}', which is no {side} of the model, needs one of {string.Join(", ", names.Keys)}.", nameof(name));

    /// <summary>Runs the model: inputs are read where they lie, outputs are copied into tensors.</summary>
    internal Tensor[] Run(IReadOnlyDictionary<string, Tensor> inputs, ReadOnlySpan<string> outputs, CancellationToken cancellation)
    {
        var entered = false;
        var count = inputs.Count;
        var pins = new MemoryHandle[count];
        var names = stackalloc nint[count + outputs.Length];
        var values = stackalloc nint[count + outputs.Length];
        new Span<nint>(values, count + outputs.Length).Clear();
        try
        {
            DangerousAddRef(ref entered);
            var i = 0;
            foreach (var (name, tensor) in inputs)
            {
                names[i] = InputName(name);
                pins[i] = tensor.Bytes.Pin();
                values[i] = OrtValues.Over(environment, pins[i].Pointer, tensor.Type, tensor.Shape, (nuint)tensor.Bytes.Length, name);
                i++;
            }
            for (var o = 0; o < outputs.Length; o++)
                names[count + o] = OutputName(outputs[o]);
            using var options = OrtRunOptions.For(cancellation);
            cancellation.ThrowIfCancellationRequested();
            var status = api.Run(handle, options?.Handle ?? 0, names, values, (nuint)count, names + count, (nuint)outputs.Length, values + count);
            if (status != 0)
                throw Failed(status, cancellation);
            var results = new Tensor[outputs.Length];
            for (var o = 0; o < results.Length; o++)
                results[o] = OrtValues.Copy(environment, values[count + o], outputs[o]);
            return results;
        }
        finally
        {
            for (var i = 0; i < count + outputs.Length; i++)
                if (values[i] != 0)
                    api.ReleaseValue(values[i]);
            foreach (var pin in pins)
                pin.Dispose();
            if (entered)
                DangerousRelease();
        }
    }

    /// <summary>Runs the model on what is bound.</summary>
    internal void Run(nint binding)
    {
        var entered = false;
        try
        {
            DangerousAddRef(ref entered);
            api.Check(api.RunWithBinding(handle, 0, binding), "Binding.Run");
        }
        finally
        {
            if (entered)
                DangerousRelease();
        }
    }

    Exception Failed(nint status, CancellationToken cancellation)
    {
        var failure = api.Failure(status, "Session.Run");
        return cancellation.IsCancellationRequested ? new OperationCanceledException(failure.Message, failure, cancellation) : failure;
    }

    protected override bool ReleaseHandle()
    {
        api.ReleaseSession(handle);
        operators?.Dispose();
        foreach (var name in inputNames.Values.Concat(outputNames.Values))
            Utf8.Free(name);
        return true;
    }
}
