namespace MlPipelines;

/// <summary>A file could not be fetched from an address, which the message begins with.</summary>
public sealed class DownloadException(string message, Exception? inner = null) : IOException(message, inner);
