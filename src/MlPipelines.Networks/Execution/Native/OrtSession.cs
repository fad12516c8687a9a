using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using MlPipelines.Tensors;

namespace MlPipelines.Native;

/// <summary>A session of ONNX Runtime: the only place that runs one.</summary>
/// <remarks>A handle, so that disposing waits for runs and bindings under way, and the custom operators go after the session.</remarks>
sealed unsafe class OrtSession : SafeHandle
{
    readonly InferenceSession session;
    readonly OrtCustomOperators? operators;
    readonly HashSet<string> inputNames, outputNames;
    bool hasRun;

    OrtSession(InferenceSession session, OrtCustomOperators? operators) : base(0, ownsHandle: true)
    {
        (this.session, this.operators) = (session, operators);
        Inputs = [.. session.InputNames.Select(name => OrtValues.Facts(name, session.InputMetadata[name]))];
        Outputs = [.. session.OutputNames.Select(name => OrtValues.Facts(name, session.OutputMetadata[name]))];
        Metadata = session.ModelMetadata.CustomMetadataMap;
        (inputNames, outputNames) = ([.. session.InputNames], [.. session.OutputNames]);
#pragma warning disable CA1816 // From here on this handle alone releases it, in its own order.
        GC.SuppressFinalize(session);
#pragma warning restore CA1816
        // There is no handle but the managed package's; any number that is not 0 means open.
        SetHandle(1);
    }

    internal IReadOnlyList<OrtValueFacts> Inputs { get; }
    internal IReadOnlyList<OrtValueFacts> Outputs { get; }
    internal IReadOnlyDictionary<string, string> Metadata { get; }

    public override bool IsInvalid => handle == 0;

    /// <param name="where">How error messages name the model.</param>
    /// <param name="model">The model's bytes; read while the session is made, not kept.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="operators">Custom operators; the session disposes of them.</param>
    internal static OrtSession FromBytes(string where, ReadOnlyMemory<byte> model, SessionOptions options, OrtCustomOperators? operators) =>
        Made(where, () => new InferenceSession(Whole(model), options), operators);

    internal static OrtSession FromFile(string path, SessionOptions options, OrtCustomOperators? operators) =>
        Made(path, () => new InferenceSession(path, options), operators);

    static OrtSession Made(string where, Func<InferenceSession> make, OrtCustomOperators? operators)
    {
        InferenceSession? made = null;
        try
        {
            made = make();
            return new OrtSession(made, operators);
        }
        catch (OnnxRuntimeException error)
        {
            made?.Dispose();
            throw NativeException.From(error, where);
        }
    }

    static byte[] Whole(ReadOnlyMemory<byte> model) =>
        MemoryMarshal.TryGetArray(model, out var part) && part.Array is { } array && part.Count == array.Length ? array : model.ToArray();

    internal string InputName(string name) => Known(inputNames, name, "input");
    internal string OutputName(string name) => Known(outputNames, name, "output");

    static string Known(HashSet<string> names, string name, string side) => names.Contains(name)
        ? name
        : throw new ArgumentException($"Session: got '{name}', which is no {side} of the model, needs one of {string.Join(", ", names)}.",
            nameof(name));

    /// <summary>Runs the model: inputs are read where they lie, outputs are copied into tensors.</summary>
    internal Tensor[] Run(IReadOnlyDictionary<string, Tensor> inputs, string[] outputs, CancellationToken cancellation)
    {
        var entered = false;
        var pins = new MemoryHandle[inputs.Count];
        var names = new string[inputs.Count];
        var values = new OrtValue[inputs.Count];
        try
        {
            DangerousAddRef(ref entered);
            var i = 0;
            foreach (var (name, tensor) in inputs)
            {
                names[i] = InputName(name);
                pins[i] = tensor.Bytes.Pin();
                values[i] = OrtValues.Over(pins[i].Pointer, tensor.Type, tensor.Shape, tensor.Bytes.Length);
                i++;
            }
            foreach (var output in outputs)
                OutputName(output);
            using var run = new OrtRun(IsFirst(), cancellation);
            cancellation.ThrowIfCancellationRequested();
            using var results = session.Run(run.Options, names, values, outputs);
            var tensors = new Tensor[outputs.Length];
            for (var o = 0; o < tensors.Length; o++)
                tensors[o] = OrtValues.Copy(results[o], outputs[o]);
            return tensors;
        }
        catch (OnnxRuntimeException error)
        {
            throw Failed(NativeException.From(error, "Session.Run"), cancellation);
        }
        finally
        {
            foreach (var value in values)
                value?.Dispose();
            foreach (var pin in pins)
                pin.Dispose();
            if (entered)
                DangerousRelease();
        }
    }

    /// <summary>What a new binding holds on to; it lets go by <see cref="SafeHandle.DangerousRelease"/>.</summary>
    internal OrtIoBinding Bind()
    {
        var entered = false;
        DangerousAddRef(ref entered);
        try
        {
            return session.CreateIoBinding();
        }
        catch (OnnxRuntimeException error)
        {
            DangerousRelease();
            throw NativeException.From(error, "Binding");
        }
    }

    /// <summary>Runs the model on what is bound.</summary>
    internal void Run(OrtIoBinding binding)
    {
        var entered = false;
        try
        {
            DangerousAddRef(ref entered);
            using var run = new OrtRun(IsFirst(), CancellationToken.None);
            session.RunWithBinding(run.Options, binding);
        }
        catch (OnnxRuntimeException error)
        {
            throw NativeException.From(error, "Binding.Run");
        }
        finally
        {
            if (entered)
                DangerousRelease();
        }
    }

    bool IsFirst() => Interlocked.Exchange(ref hasRun, true) is false;

    static Exception Failed(NativeException failure, CancellationToken cancellation) =>
        cancellation.IsCancellationRequested ? new OperationCanceledException(failure.Message, failure, cancellation) : failure;

    protected override bool ReleaseHandle()
    {
        session.Dispose();
        operators?.Dispose();
        return true;
    }
}
