using System.Globalization;
using System.Threading.RateLimiting;

namespace MlPipelines;

/// <summary>How many requests a client's address may make.</summary>
sealed class RequestRate(int? perSecond) : IDisposable
{
    const int BurstSeconds = 5;

    readonly PartitionedRateLimiter<HttpContext>? limiter = perSecond is { } number
        ? PartitionedRateLimiter.Create<HttpContext, string>(context => RateLimitPartition.GetTokenBucketLimiter(
            context.Connection.RemoteIpAddress?.ToString() ?? "", _ => new()
            {
                TokenLimit = BurstSeconds * number,
                TokensPerPeriod = number,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            })) : null;

    /// <exception cref="RefusedException">It made more; the answer says when it may come again.</exception>
    public void Check(HttpContext context)
    {
        if (limiter is null)
            return;
        using var lease = limiter.AttemptAcquire(context);
        if (lease.IsAcquired)
            return;
        var after = lease.TryGetMetadata(MetadataName.RetryAfter, out var time) ? Math.Max(1, (int)Math.Ceiling(time.TotalSeconds)) : 1;
        context.Response.Headers.RetryAfter = after.ToString(CultureInfo.InvariantCulture);
        throw new RefusedException(StatusCodes.Status429TooManyRequests, $"More than {perSecond} requests a second come from this address. "
            + $"Come again in {after} s.");
    }

    public void Dispose() => limiter?.Dispose();
}
