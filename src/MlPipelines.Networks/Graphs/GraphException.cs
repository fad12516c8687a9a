namespace MlPipelines.Graphs;

/// <summary>A graph that cannot be: a wrong shape or type, an unknown operator, a missing gradient.
/// The message starts with the node.</summary>
public sealed class GraphException : Exception
{
    /// <summary>An error that says nothing.</summary>
    public GraphException() { }

    /// <summary>An error that names no node.</summary>
    public GraphException(string message) : base(message) { }

    /// <summary>An error with its cause.</summary>
    public GraphException(string message, Exception inner) : base(message, inner) { }

    /// <param name="node">The node, as <c>name (Operator)</c>.</param>
    /// <param name="message">What was found, what is needed and what to do.</param>
    public GraphException(string node, string message) : base($"{node}: {message}") => Node = node;

    /// <summary>The node, as <c>name (Operator)</c>; null when the whole graph is meant.</summary>
    public string? Node { get; }
}
