using System.Collections.Concurrent;

namespace MlPipelines;

/// <summary>Work that is done beside the caller and that the process waits for when it ends: a native library that is still being loaded
/// while the process takes down what libraries have set up ends it by a crash.</summary>
static class WorkBeside
{
    static readonly TimeSpan mostAtEnd = TimeSpan.FromSeconds(30);
    static readonly ConcurrentDictionary<Task, bool> running = new();

    static WorkBeside() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Task.WaitAll([.. running.Keys], mostAtEnd);

    /// <summary>Begins a work. The task ends with it and never fails: whoever needs what it makes finds out what is wrong.</summary>
    public static Task Begin(Action work)
    {
        // What nobody looks at would be reported to the process as unobserved.
        var begun = Task.Run(work).ContinueWith(static done => _ = done.Exception, TaskScheduler.Default);
        running[begun] = true;
        begun.ContinueWith(static done => running.TryRemove(done, out _), TaskScheduler.Default);
        return begun;
    }
}
