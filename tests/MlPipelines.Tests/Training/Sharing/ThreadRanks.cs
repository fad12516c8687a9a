namespace MlPipelines.Tests.Training;

/// <summary>Ranks that are threads of one process.</summary>
sealed class ThreadRanks : IDisposable
{
    readonly Barrier barrier;
    readonly object?[] given;
    volatile string? failure;

    ThreadRanks(int size) => (barrier, given) = (new(size), new object?[size]);

    public void Dispose() => barrier.Dispose();

    /// <summary>What each rank returns, or throws.</summary>
    public static (T? Result, Exception? Failure)[] Run<T>(int size, Func<ICommunicator, T> work)
    {
        using var ranks = new ThreadRanks(size);
        var results = new (T?, Exception?)[size];
        Thread[] threads = [.. Enumerable.Range(0, size).Select(rank => new Thread(() =>
        {
            try
            {
                results[rank] = (work(new Member(ranks, rank)), null);
            }
            catch (Exception exception)
            {
                results[rank] = (default, exception);
            }
        }))];
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            Assert.True(thread.Join(TimeSpan.FromSeconds(60)));
        return results;
    }

    /// <summary>What each rank returns.</summary>
    public static T[] All<T>(int size, Func<ICommunicator, T> work) => [.. Run(size, work).Select(one =>
    {
        Assert.Null(one.Failure);
        return one.Result!;
    })];

    sealed class Member(ThreadRanks ranks, int rank) : ICommunicator
    {
        public int Rank => rank;
        public int Size => ranks.given.Length;
        public int Cores => 1;

        public void AllReduce(Span<float> numbers)
        {
            var all = Exchange(numbers.ToArray());
            numbers.Clear();
            foreach (var one in all)
            {
                Assert.Equal(numbers.Length, one.Length);
                for (var i = 0; i < numbers.Length; i++)
                    numbers[i] += one[i];
            }
        }

        public IReadOnlyList<byte[]> AllGather(ReadOnlySpan<byte> bytes) => Exchange(bytes.ToArray());

        public void Abandon(string reason) => ranks.failure = $"rank {rank} gave up: {reason}";

        T[] Exchange<T>(T own)
        {
            ranks.given[rank] = own;
            Wait();
            // A member that makes another call than the rest fails here.
            T[] all = [.. ranks.given.Cast<T>()];
            Wait();
            return all;
        }

        void Wait()
        {
            using var gaveUp = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            using var watching = new Timer(_ =>
            {
                if (ranks.failure is not null)
                    gaveUp.Cancel();
            }, null, 0, 10);
            try
            {
                ranks.barrier.SignalAndWait(gaveUp.Token);
            }
            catch (OperationCanceledException)
            {
                throw new CommunicationException(ranks.failure ?? "the others are waited for too long");
            }
        }
    }
}
