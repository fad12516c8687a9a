namespace MlPipelines.Native;

/// <summary>A native library refused, failed or was not found; the message carries its own text.</summary>
public sealed class NativeException : Exception
{
    public NativeException(string message) : base(message)
    {
    }

    public NativeException(string message, int code) : base(message) => Code = code;

    public NativeException(string message, Exception inner) : base(message, inner)
    {
    }

    /// <summary>The library's own error code; 0 where it gives none.</summary>
    public int Code { get; }
}
