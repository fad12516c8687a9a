using Microsoft.ML.OnnxRuntime;
using MlPipelines.Native;
using MlPipelines.Tensors;

namespace MlPipelines.Execution;

/// <summary>An input or output of a model; axes whose size only a run decides are <see cref="Shape.Unknown"/>.</summary>
public sealed record SessionValue(string Name, ElementType Type, Shape Shape);

/// <summary>A model ready to run. Several threads may run it at once.</summary>
public sealed class Session : IDisposable
{
    static readonly Lock gate = new();
    static volatile bool operatorsKnown;

    readonly OrtSession session;
    readonly BindingCache small;
    readonly string[] outputNames;
    bool disposed;

    /// <param name="onnxModel">The bytes of an ONNX file.</param>
    /// <param name="settings">How to run it; the processor with ONNX Runtime's own settings unless given.</param>
    /// <exception cref="NativeException">ONNX Runtime refuses the model or lacks the device; the message carries its text.</exception>
    public Session(ReadOnlyMemory<byte> onnxModel, SessionSettings? settings = null)
        : this(settings ?? new(), (options, operators) => OrtSession.FromBytes("model", onnxModel, options, operators))
    {
    }

    Session(SessionSettings settings, Func<SessionOptions, OrtCustomOperators?, OrtSession> create)
    {
        var operators = settings.Operators.Count == 0 ? null : new OrtCustomOperators(settings.Operators);
        try
        {
            using var options = settings.ToOptions(operators);
            session = operators is null || operatorsKnown ? create(options, operators) : First(options, operators, create);
        }
        catch
        {
            operators?.Dispose();
            throw;
        }
        small = new(session);
        Device = settings.Device;
        Inputs = [.. session.Inputs.Select(value => new SessionValue(value.Name, value.Type, value.Shape))];
        Outputs = [.. session.Outputs.Select(value => new SessionValue(value.Name, value.Type, value.Shape))];
        outputNames = [.. Outputs.Select(value => value.Name)];
    }

    // ONNX Runtime notes the domain of our operators with the first session, and fails when two threads make that one at once.
    static OrtSession First(SessionOptions options, OrtCustomOperators operators,
        Func<SessionOptions, OrtCustomOperators?, OrtSession> create)
    {
        lock (gate)
        {
            var made = create(options, operators);
            operatorsKnown = true;
            return made;
        }
    }

    /// <summary>Reads the model from its file, and beside it the files that hold its weights where it names some.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="NativeException">ONNX Runtime refuses the model or lacks the device;
    /// the message carries the path and its text.</exception>
    public static Session Load(string path, SessionSettings? settings = null) => File.Exists(path)
        ? new Session(settings ?? new(), (options, operators) => OrtSession.FromFile(path, options, operators))
        : throw new FileNotFoundException($"{path}: no such file, needs an ONNX model.", path);

    /// <summary>Where it runs.</summary>
    public Device Device { get; }

    /// <summary>What it takes.</summary>
    public IReadOnlyList<SessionValue> Inputs { get; }

    /// <summary>What it computes.</summary>
    public IReadOnlyList<SessionValue> Outputs { get; }

    /// <summary>The model's metadata (metadata_props), all text.</summary>
    public IReadOnlyDictionary<string, string> Metadata => session.Metadata;

    /// <summary>Runs the model and gives the outputs named, in that order; all outputs if none is named.</summary>
    /// <exception cref="ArgumentException">The model has no input or output of that name.</exception>
    /// <exception cref="NativeException">A shape or type does not fit, or a node fails;
    /// the message carries ONNX Runtime's text.</exception>
    public Tensor[] Run(IReadOnlyDictionary<string, Tensor> inputs, params string[] outputs) =>
        Run(inputs, CancellationToken.None, outputs);

    /// <summary>Runs the model until it is done or cancelled; cancelling takes effect at the next node.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Tensor[] Run(IReadOnlyDictionary<string, Tensor> inputs, CancellationToken cancellation, params string[] outputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(outputs);
        ObjectDisposedException.ThrowIf(disposed, this);
        var named = outputs.Length == 0 ? outputNames : outputs;
        return (cancellation.CanBeCanceled ? null : small.TryRun(inputs, named)) ?? session.Run(inputs, named, cancellation);
    }

    /// <summary>Fixes inputs and outputs to buffers, to run again and again without allocating.</summary>
    /// <remarks>Every input must be bound. Buffers may be shared by several bindings.</remarks>
    /// <exception cref="ArgumentException">The model has no input or output of that name.</exception>
    public Binding Bind(IReadOnlyDictionary<string, TensorBuffer> inputs, IReadOnlyDictionary<string, TensorBuffer> outputs)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return new(session, inputs, outputs);
    }

    /// <summary>Gives the model back, once runs under way are over and the last binding is disposed of as well.</summary>
    public void Dispose()
    {
        disposed = true;
        small.Dispose();
        session.Dispose();
    }
}
