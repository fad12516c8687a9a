using System.Runtime.ExceptionServices;

namespace MlPipelines;

/// <summary>What can be taken of a reading: the work of an item, and what to call the item when it cannot be read.</summary>
/// <param name="Take">Takes the next item; false when there is none. Called by one thread at a time.</param>
/// <param name="Read">What is made of an item; called by several threads.</param>
/// <param name="Skipped">An item that cannot be read.</param>
/// <param name="Count">Number of items, as far as it is known.</param>
sealed record ReadingWork<TItem, T>(ReadingWork<TItem, T>.Next Take, Func<TItem, T> Read, Func<TItem, Exception, SkippedRow> Skipped,
    long Count)
{
    public delegate bool Next(out TItem item);
}

/// <summary>Several threads work ahead of whoever takes the results; order and results do not depend on their number, and so many are held
/// as <see cref="RowReading.Prefetch"/> says.</summary>
sealed class OrderedReader<TItem, T>(ReadingWork<TItem, T> work, RowReading options, CancellationToken cancellation)
{
    // Items of a chunk: each thread is to get four chunks of what may be read ahead, and of what there is.
    readonly int size = (int)Math.Clamp(Math.Min(options.Prefetch / (4 * options.Workers), work.Count / (4 * options.Workers)), 1, 256);
    readonly Lock gate = new();

    public IEnumerable<T> Read() => options.Prefetch == 0 || work.Count <= 1 ? ReadHere() : ReadAhead();

    IEnumerable<T> ReadHere()
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var chunk = ReadChunk(Take(1), default);
            foreach (var item in Results(chunk))
                yield return item;
            if (chunk.IsLast)
                yield break;
        }
    }

    // A ring of chunks. Who got past free may take the next number, whose place the taker has emptied by then; number and items are taken
    // under one lock, so that chunks are numbered in the order of the items. At the end every worker is waited for, whatever happened:
    // the caller disposes of the cursor next, which none may still be moving.
    IEnumerable<T> ReadAhead()
    {
        var bound = Math.Max(options.Workers, options.Prefetch / size);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var free = new SemaphoreSlim(bound);
        var ready = new TaskCompletionSource<Chunk>[bound];
        for (var i = 0; i < bound; i++)
            ready[i] = new();
        var (next, ended) = (0L, false);
        var workers = Enumerable.Range(0, options.Workers)
            .Select(_ => Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))
            .ToArray();
        try
        {
            for (var (number, last) = (0L, false); !last; number++)
            {
                var slot = ready[number % bound];
                slot.Task.Wait(cancellation);
                cancellation.ThrowIfCancellationRequested();
                var chunk = slot.Task.Result;
                last = chunk.IsLast;
                ready[number % bound] = new();
                free.Release();
                foreach (var item in Results(chunk))
                {
                    yield return item;
                    cancellation.ThrowIfCancellationRequested();
                }
            }
        }
        finally
        {
            stop.Cancel();
            Task.WaitAll(workers, CancellationToken.None);
        }

        void Work()
        {
            try
            {
                while (true)
                {
                    free.Wait(stop.Token);
                    TaskCompletionSource<Chunk> slot;
                    Taken taken;
                    lock (gate)
                    {
                        if (ended)
                            return;
                        slot = ready[next++ % bound];
                        taken = Take(size);
                        ended = taken.IsLast;
                    }
                    slot.SetResult(ReadChunk(taken, stop.Token));
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
            }
        }
    }

    // Whatever is thrown here, as when a worker reads, is thrown again on the thread that takes the results:
    // a worker that died would leave it waiting.
#pragma warning disable CA1031
    Taken Take(int most)
    {
        var items = new List<TItem>(most);
        try
        {
            while (items.Count < most)
            {
                if (!work.Take(out var item))
                    return new(items, true, null);
                items.Add(item);
            }
            return new(items, false, null);
        }
        catch (Exception exception)
        {
            return new(items, true, ExceptionDispatchInfo.Capture(exception));
        }
    }

    Chunk ReadChunk(Taken taken, CancellationToken stop)
    {
        var (results, filled) = (new T[taken.Items.Count], 0);
        List<SkippedRow>? skipped = null;
        try
        {
            foreach (var item in taken.Items)
            {
                // A chunk that ends early here looks like a whole one; nobody takes it, since takers look at the token first.
                if (stop.IsCancellationRequested)
                    break;
                try
                {
                    results[filled] = work.Read(item);
                    filled++;
                }
                // One item's fault. All others end the reading, behind the results before them.
                catch (Exception exception) when (!options.Fatal && RowReader.IsUnreadable(exception))
                {
                    (skipped ??= []).Add(work.Skipped(item, exception));
                }
            }
        }
        catch (Exception exception)
        {
            return new(results, filled, skipped, true, ExceptionDispatchInfo.Capture(exception));
        }
        return new(results, filled, skipped, taken.IsLast, taken.Failure);
    }
#pragma warning restore CA1031

    IEnumerable<T> Results(Chunk chunk)
    {
        for (var i = 0; i < chunk.Filled; i++)
            yield return chunk.Results[i];
        foreach (var row in chunk.Skipped ?? [])
            options.Skipped?.Invoke(row);
        chunk.Failure?.Throw();
    }

    sealed record Taken(List<TItem> Items, bool IsLast, ExceptionDispatchInfo? Failure);

    sealed record Chunk(T[] Results, int Filled, List<SkippedRow>? Skipped, bool IsLast, ExceptionDispatchInfo? Failure);
}
