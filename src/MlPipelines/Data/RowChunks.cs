using System.Runtime.ExceptionServices;

namespace MlPipelines;

sealed class RowChunks<T>(IDataView view, Func<DataViewRow, T> read, RowReading options, long count, CancellationToken cancellation)
{
    readonly int size = (int)Math.Clamp(Math.Min(options.Prefetch / (4 * options.Workers), count / (4 * options.Workers)), 1, 256);
    readonly Lock gate = new();

    public IEnumerable<T> ReadHere()
    {
        for (var start = 0L; start < count; start++)
        {
            cancellation.ThrowIfCancellationRequested();
            var chunk = ReadChunk(start, 1, default);
            foreach (var item in Take(chunk))
                yield return item;
        }
    }

    public IEnumerable<T> ReadAhead()
    {
        var chunks = (count + size - 1) / size;
        var bound = (int)Math.Min(chunks, Math.Max(options.Workers, options.Prefetch / size));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var free = new SemaphoreSlim(bound);
        var ready = new TaskCompletionSource<Chunk>[bound];
        for (var i = 0; i < bound; i++)
            ready[i] = new();
        var next = 0L;
        var workers = Enumerable.Range(0, (int)Math.Min(options.Workers, chunks))
            .Select(_ => Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        try
        {
            for (var chunk = 0L; chunk < chunks; chunk++)
            {
                var slot = ready[chunk % bound];
                slot.Task.Wait(cancellation);
                cancellation.ThrowIfCancellationRequested();
                var rows = slot.Task.Result;
                ready[chunk % bound] = new();
                free.Release();
                foreach (var item in Take(rows))
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
                    long chunk;
                    lock (gate)
                    {
                        if (next == chunks)
                            return;
                        chunk = next++;
                        slot = ready[chunk % bound];
                    }
                    slot.SetResult(ReadChunk(chunk * size, (int)Math.Min(size, count - chunk * size), stop.Token));
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
            }
        }
    }

    // Whatever is thrown here is thrown again, as it is, on the thread that takes the rows: a worker that died would leave it waiting.
    Chunk ReadChunk(long start, int length, CancellationToken stop)
    {
        var items = new T[length];
        var filled = 0;
        List<SkippedRow>? skipped = null;
        try
        {
            for (var i = 0; i < length && !stop.IsCancellationRequested; i++)
            {
                var row = view.GetRow(options.Order is { } order ? order[start + i] : start + i, options.Pass);
                try
                {
                    items[filled] = read(row);
                    filled++;
                }
                catch (Exception exception) when (!options.Fatal && RowReader.IsUnreadable(exception))
                {
                    (skipped ??= []).Add(SkippedRow.Of(row, exception));
                }
            }
        }
#pragma warning disable CA1031
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return new(items, filled, skipped, ExceptionDispatchInfo.Capture(exception));
        }
        return new(items, filled, skipped, null);
    }

    IEnumerable<T> Take(Chunk chunk)
    {
        for (var i = 0; i < chunk.Filled; i++)
            yield return chunk.Items[i];
        foreach (var row in chunk.Skipped ?? [])
            options.Skipped?.Invoke(row);
        chunk.Failure?.Throw();
    }

    sealed record Chunk(T[] Items, int Filled, List<SkippedRow>? Skipped, ExceptionDispatchInfo? Failure);
}
