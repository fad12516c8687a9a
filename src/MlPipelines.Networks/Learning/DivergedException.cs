namespace MlPipelines;

/// <summary>Training has left the finite numbers: the learning rate is too large for the network.</summary>
public sealed class DivergedException : InvalidOperationException
{
    /// <summary>An error that says nothing.</summary>
    public DivergedException() { }

    /// <summary>An error with that text.</summary>
    public DivergedException(string message) : base(message) { }

    /// <summary>An error with its cause.</summary>
    public DivergedException(string message, Exception inner) : base(message, inner) { }
}
