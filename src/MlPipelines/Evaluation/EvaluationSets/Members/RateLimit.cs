using System.Diagnostics;

namespace MlPipelines;

/// <summary>Lets requests go one after the other at equal distances in time. Safe for several threads.</summary>
/// <param name="perSecond">The most in a second.</param>
sealed class RateLimit(double perSecond)
{
    readonly Lock gate = new();
    readonly Stopwatch clock = Stopwatch.StartNew();
    TimeSpan next;

    /// <summary>Waits for its turn.</summary>
    public Task TurnAsync(CancellationToken cancellation)
    {
        TimeSpan wait;
        lock (gate)
        {
            var now = clock.Elapsed;
            var turn = next > now ? next : now;
            next = turn + TimeSpan.FromSeconds(1 / perSecond);
            wait = turn - now;
        }
        return wait > TimeSpan.Zero ? Task.Delay(wait, cancellation) : Task.CompletedTask;
    }

    /// <summary>Lets nobody go before that time has passed.</summary>
    public void Pause(TimeSpan time)
    {
        lock (gate)
        {
            var end = clock.Elapsed + time;
            next = end > next ? end : next;
        }
    }
}
