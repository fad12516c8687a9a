namespace MlPipelines.Bench.Kernels;

/// <summary>Threads that wait spinning for the next loop, so that its start costs next to nothing.</summary>
sealed class Crew : IDisposable
{
    readonly Thread[] threads;
    Action<int> body = _ => { };
    int count;
    int next;
    int busy;
    volatile int round;
    volatile bool done;

    public Crew(int size)
    {
        threads = Enumerable.Range(1, size - 1).Select(_ => new Thread(Wait) { IsBackground = true }).ToArray();
        foreach (var thread in threads)
            thread.Start();
    }

    public void Run(int indices, Action<int> work)
    {
        (count, body, next) = (indices, work, -1);
        Volatile.Write(ref busy, threads.Length);
        round++;
        Work();
        while (Volatile.Read(ref busy) > 0)
            Thread.SpinWait(8);
    }

    public void Dispose() => done = true;

    void Wait()
    {
        for (var seen = 0; !done; Thread.SpinWait(8))
            if (round != seen)
            {
                seen = round;
                Work();
                Interlocked.Decrement(ref busy);
            }
    }

    void Work()
    {
        for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
            body(i);
    }
}
