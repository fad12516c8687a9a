namespace MlPipelines;

/// <summary>Training has left the finite numbers: the learning rate is too large for the network.</summary>
public sealed class DivergedException : InvalidOperationException
{
    public DivergedException() { }

    public DivergedException(string message) : base(message) { }

    public DivergedException(string message, Exception inner) : base(message, inner) { }
}
