using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace MlPipelines;

/// <summary>What many callers want done at one time is done together: one thread takes what waits, and does it in one go.</summary>
sealed class Gatherer<TItem, TResult> : IAsyncDisposable
{
    readonly Channel<Waiting> channel;
    readonly Func<IReadOnlyList<TItem>, IReadOnlyList<TResult>> work;
    readonly int most;
    readonly Task thread;

    /// <param name="most">The most items in one go.</param>
    /// <param name="capacity">The most items that may wait.</param>
    /// <param name="work">Gives what becomes of each, in their order.</param>
    public Gatherer(int most, int capacity, Func<IReadOnlyList<TItem>, IReadOnlyList<TResult>> work)
    {
        (this.most, this.work) = (most, work);
        channel = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(capacity) { SingleReader = true });
        // A thread of its own: those of the pool may all be decoding.
        thread = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Whether a failure may be that of one item alone, so that the others are done without it.</summary>
    public Predicate<Exception> IsOfOne { get; init; } = _ => false;

    /// <summary>What becomes of an item.</summary>
    /// <exception cref="RefusedException">Too many wait.</exception>
    /// <exception cref="OperationCanceledException">It is no longer wanted.</exception>
    public Task<TResult> Do(TItem item, CancellationToken cancellation)
    {
        var waiting = new Waiting(item, new(TaskCreationOptions.RunContinuationsAsynchronously), cancellation);
        return channel.Writer.TryWrite(waiting) ? waiting.Result.Task : throw RefusedException.Busy();
    }

    /// <summary>Does what waits, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        channel.Writer.TryComplete();
        await thread.ConfigureAwait(false);
    }

    void Run()
    {
        var batch = new List<Waiting>(most);
        while (channel.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (batch.Count < most && channel.Reader.TryRead(out var one))
                if (one.Cancellation.IsCancellationRequested)
                    one.Result.TrySetCanceled(one.Cancellation);
                else
                    batch.Add(one);
            if (batch.Count > 0)
                DoTogether(batch);
            batch.Clear();
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever goes wrong is thrown where it is waited for.")]
    void DoTogether(List<Waiting> batch)
    {
        try
        {
            var results = work([.. batch.Select(one => one.Item)]);
            foreach (var (one, result) in batch.Zip(results))
                one.Result.TrySetResult(result);
        }
        catch (Exception exception) when (batch.Count > 1 && IsOfOne(exception))
        {
            foreach (var one in batch)
                DoTogether([one]);
        }
        catch (Exception exception)
        {
            // Whoever waits for it is told; the thread goes on.
            foreach (var one in batch)
                one.Result.TrySetException(exception);
        }
    }

    sealed record Waiting(TItem Item, TaskCompletionSource<TResult> Result, CancellationToken Cancellation);
}
