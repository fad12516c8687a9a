namespace MlPipelines;

/// <summary>Processes that compute together cannot go on together.</summary>
public sealed class CommunicationException : Exception
{
    /// <summary>Without a message of its own.</summary>
    public CommunicationException() { }

    /// <param name="message">Which process, and what became of it.</param>
    public CommunicationException(string message) : base(message) { }

    /// <param name="message">Which process, and what became of it.</param>
    /// <param name="inner">What was met.</param>
    public CommunicationException(string message, Exception inner) : base(message, inner) { }
}
