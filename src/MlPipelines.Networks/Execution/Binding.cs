using MlPipelines.Native;

namespace MlPipelines.Execution;

/// <summary>A session's inputs and outputs fixed to buffers. One thread at a time may run it.</summary>
public sealed class Binding : IDisposable
{
    readonly OrtBinding binding;

    internal Binding(OrtSession session, IReadOnlyDictionary<string, TensorBuffer> inputs,
        IReadOnlyDictionary<string, TensorBuffer> outputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(outputs);
        binding = new OrtBinding(session);
        try
        {
            foreach (var (name, buffer) in inputs)
                binding.BindInput(name, buffer.Memory, buffer.Type, buffer.Shape);
            foreach (var (name, buffer) in outputs)
                binding.BindOutput(name, buffer.Memory, buffer.Type, buffer.Shape);
        }
        catch
        {
            binding.Dispose();
            throw;
        }
    }

    /// <summary>Runs the model: reads the input buffers, writes the output buffers. Allocates nothing.</summary>
    /// <exception cref="NativeException">A shape or type does not fit, or a node fails;
    /// the message carries ONNX Runtime's text.</exception>
    public void Run() => binding.Run();

    /// <summary>Lets go of the session and the buffers, which themselves stay.</summary>
    public void Dispose() => binding.Dispose();
}
