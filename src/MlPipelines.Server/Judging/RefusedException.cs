namespace MlPipelines;

/// <summary>A request that is not done, with the status of HTTP that says whose matter that is.</summary>
sealed class RefusedException(int status, string message, Exception? reason = null) : Exception(message, reason)
{
    /// <summary>Of HTTP.</summary>
    public int Status { get; } = status;

    /// <summary>There is more to do than is taken on: the client may come again.</summary>
    public static RefusedException Busy() =>
        new(StatusCodes.Status503ServiceUnavailable, "The server has as much to do as it takes on at once. Come again in a second.");
}
