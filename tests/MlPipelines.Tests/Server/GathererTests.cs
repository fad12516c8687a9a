namespace MlPipelines.Tests.Server;

public sealed class GathererTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_waits_is_done_in_one_go_and_each_gets_its_own()
    {
        using var gate = new ManualResetEventSlim();
        var batches = new List<int>();
        await using var gatherer = new Gatherer<int, int>(8, 100, items =>
        {
            gate.Wait(Cancellation);
            batches.Add(items.Count);
            return [.. items.Select(item => 10 * item)];
        });
        var results = Enumerable.Range(0, 20).Select(item => gatherer.Do(item, Cancellation)).ToArray();
        gate.Set();
        Assert.Equal(Enumerable.Range(0, 20).Select(item => 10 * item), await Task.WhenAll(results));
        Assert.InRange(batches.Count, 3, 20);
        Assert.All(batches, count => Assert.InRange(count, 1, 8));
    }

    [Fact]
    public async Task A_failure_of_one_is_that_of_no_other()
    {
        using var gate = new ManualResetEventSlim();
        await using var gatherer = new Gatherer<int, int>(8, 100, items =>
        {
            gate.Wait(Cancellation);
            return items.Contains(3) ? throw new NotFiniteNumberException("three") : [.. items];
        })
        {
            IsOfOne = exception => exception is NotFiniteNumberException
        };
        var results = Enumerable.Range(0, 6).Select(item => gatherer.Do(item, Cancellation)).ToArray();
        gate.Set();
        foreach (var (item, result) in results.Index())
            if (item == 3)
                await Assert.ThrowsAsync<NotFiniteNumberException>(() => result);
            else
                Assert.Equal(item, await result);
    }

    [Fact]
    public async Task A_failure_of_all_is_told_once_to_each_and_the_next_goes_on()
    {
        var calls = 0;
        await using var gatherer = new Gatherer<int, int>(8, 100, items => calls++ == 0 ? throw new IOException("full") : [.. items]);
        await Assert.ThrowsAsync<IOException>(() => gatherer.Do(1, Cancellation));
        Assert.Equal(2, await gatherer.Do(2, Cancellation));
    }

    [Fact]
    public async Task More_than_may_wait_is_refused_and_what_is_no_longer_wanted_left_out()
    {
        using var gate = new ManualResetEventSlim();
        using var taken = new ManualResetEventSlim();
        using var gone = new CancellationTokenSource();
        var done = new List<int>();
        await using var gatherer = new Gatherer<int, int>(1, 2, items =>
        {
            taken.Set();
            gate.Wait(Cancellation);
            done.AddRange(items);
            return [.. items];
        });
        var first = gatherer.Do(0, Cancellation);
        Assert.True(taken.Wait(TimeSpan.FromSeconds(30), Cancellation));
        var second = gatherer.Do(2, gone.Token);
        Assert.Equal(503, Assert.Throws<RefusedException>(() => { gatherer.Do(3, Cancellation); gatherer.Do(4, Cancellation); }).Status);
        gone.Cancel();
        gate.Set();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal(0, await first);
        Assert.DoesNotContain(2, done);
    }
}
