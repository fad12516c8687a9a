using MlPipelines.Native;
using MlPipelines.Tensors;

namespace MlPipelines.Execution;

/// <summary>
/// Runs small inputs through a binding that is kept from the run before: to copy a few numbers costs less than the values that the
/// managed runtime makes and lets go of for each run (2 µs, of 28 that a small network takes in all).
/// </summary>
sealed class BindingCache(OrtSession session) : IDisposable
{
    const int MostBytes = 1 << 16;

    readonly Lock gate = new();
    KeptBinding? kept;
    SessionValue[] previous = [];
    string[] previousOutputs = [];
    volatile bool disposed, refused;

    /// <summary>The outputs; null where the ordinary way is to be taken.</summary>
    internal Tensor[]? TryRun(IReadOnlyDictionary<string, Tensor> inputs, string[] outputs)
    {
        if (refused || !IsSmall(inputs) || !gate.TryEnter())
            return null;
        try
        {
            if (kept?.Fits(inputs, outputs) == true || Make(inputs, outputs))
                return kept!.Run(inputs);
        }
        catch (NativeException)
        {
            // The ordinary run tells what is wrong, or goes well where the model's declared shapes are not those that it gives.
            refused = true;
        }
        finally
        {
            gate.Exit();
            if (disposed || refused)
                LetGo();
        }
        return null;
    }

    static bool IsSmall(IReadOnlyDictionary<string, Tensor> inputs)
    {
        var bytes = 0L;
        foreach (var tensor in inputs.Values)
            bytes += tensor.Bytes.Length;
        return bytes is > 0 and <= MostBytes;
    }

    // Shapes and outputs that come once are not worth a binding: those of the run before are.
    bool Make(IReadOnlyDictionary<string, Tensor> inputs, string[] outputs)
    {
        if (!AreOf(previous, inputs) || !previousOutputs.AsSpan().SequenceEqual(outputs))
        {
            previousOutputs = outputs;
            previous = [.. inputs.Select(input => new SessionValue(input.Key, input.Value.Type, input.Value.Shape))];
            return false;
        }
        if (Results(outputs) is not { } results)
            return false;
        kept?.Dispose();
        kept = null;
        kept = new(session, previous, results);
        return true;
    }

    // Where the inputs' shapes decide those of the outputs.
    SessionValue[]? Results(string[] outputs)
    {
        var sizes = new Dictionary<string, int>();
        foreach (var (name, _, shape) in previous)
        {
            if (session.Inputs.FirstOrDefault(input => input.Name == name) is not { Axes: { } axes } || axes.Count != shape.Rank)
                return null;
            foreach (var (axis, size) in axes.Zip(shape))
                if (axis.Length > 0 && !sizes.TryAdd(axis, size) && sizes[axis] != size)
                    return null;
        }
        var results = new SessionValue[outputs.Length];
        var bytes = 0L;
        foreach (var (i, name) in outputs.Index())
        {
            var facts = session.Outputs.FirstOrDefault(output => output.Name == name);
            if (facts.Type is ElementType.Undefined or ElementType.String || !Enum.IsDefined(facts.Type))
                return null;
            var shape = Shape.Create([
                .. facts.Shape.Zip(facts.Axes,
                    (size, axis) => size != Shape.Unknown ? size : sizes.GetValueOrDefault(axis, Shape.Unknown))]);
            if (!shape.IsKnown || shape.Length == 0 || (bytes += shape.Length * facts.Type.Size()) > MostBytes)
                return null;
            results[i] = new(name, facts.Type, shape);
        }
        return results;
    }

    void LetGo()
    {
        if (!gate.TryEnter())
            return;
        try
        {
            kept?.Dispose();
            kept = null;
        }
        finally
        {
            gate.Exit();
        }
    }

    /// <summary>Gives the memory back, by the thread whose run is under way where there is one.</summary>
    public void Dispose()
    {
        disposed = true;
        LetGo();
    }

    sealed class KeptBinding : IDisposable
    {
        readonly SessionValue[] inputs;
        readonly string[] outputs;
        readonly Dictionary<string, TensorBuffer> read, written;
        readonly Binding binding;

        internal KeptBinding(OrtSession session, SessionValue[] inputs, SessionValue[] outputs)
        {
            (this.inputs, this.outputs) = (inputs, [.. outputs.Select(output => output.Name)]);
            (read, written) = (Buffers(inputs), Buffers(outputs));
            binding = new(session, read, written);
        }

        static Dictionary<string, TensorBuffer> Buffers(SessionValue[] values) =>
            values.ToDictionary(value => value.Name, value => new TensorBuffer(value.Type, value.Shape));

        internal bool Fits(IReadOnlyDictionary<string, Tensor> given, string[] asked) =>
            outputs.AsSpan().SequenceEqual(asked) && AreOf(inputs, given);

        internal Tensor[] Run(IReadOnlyDictionary<string, Tensor> given)
        {
            foreach (var input in inputs)
                read[input.Name].CopyFrom(given[input.Name]);
            binding.Run();
            var results = new Tensor[outputs.Length];
            for (var i = 0; i < results.Length; i++)
                results[i] = written[outputs[i]].ToTensor();
            return results;
        }

        public void Dispose()
        {
            binding.Dispose();
            foreach (var buffer in read.Values.Concat(written.Values))
                buffer.Dispose();
        }
    }

    static bool AreOf(SessionValue[] values, IReadOnlyDictionary<string, Tensor> given)
    {
        if (given.Count != values.Length)
            return false;
        foreach (var value in values)
            if (!given.TryGetValue(value.Name, out var tensor) || tensor.Type != value.Type || tensor.Shape != value.Shape)
                return false;
        return true;
    }
}
