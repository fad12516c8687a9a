namespace MlPipelines.Imaging;

/// <summary>What ends the decoding of pictures on this thread, and on those that it starts from here on.</summary>
/// <remarks>Pictures are decoded when someone asks for their pixels, behind interfaces of ML.NET that hand no token on.</remarks>
static class DecodingCancellation
{
    static readonly AsyncLocal<CancellationToken> current = new();

    internal static CancellationToken Token => current.Value;

    /// <summary>Lets a token end it, until what is returned is disposed of.</summary>
    internal static IDisposable By(CancellationToken token)
    {
        var before = current.Value;
        current.Value = token;
        return new Until(before);
    }

    sealed class Until(CancellationToken before) : IDisposable
    {
        public void Dispose() => current.Value = before;
    }
}
