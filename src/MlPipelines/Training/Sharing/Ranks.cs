using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace MlPipelines;

/// <summary>The processes of a training: this one alone, or several that each take their share.</summary>
/// <param name="communicator">How they speak with each other; null for this one alone.</param>
/// <param name="asked">Asks this process to stop. Where there are several, all stop once one is asked, at the same step.</param>
[SuppressMessage("Design", "CA1001", Justification = "A source of cancellation without a timer holds nothing to give back.")]
sealed class Ranks(ICommunicator? communicator, CancellationToken asked)
{
    readonly CancellationTokenSource stop = new();

    /// <summary>How the processes speak with each other; null for this one alone.</summary>
    public ICommunicator? Communicator { get; } = communicator is { Size: > 1 } ? communicator : null;

    /// <summary>Number of this process, from 0.</summary>
    public int Rank => Communicator?.Rank ?? 0;

    /// <summary>Whether it is this process that writes, and tells.</summary>
    public bool IsFirst => Rank == 0;

    /// <summary>Whether there are several.</summary>
    public bool AreSeveral => Communicator is not null;

    /// <summary>Threads that this process may compute with; null for one a core.</summary>
    public int? Threads => Communicator?.Cores;

    /// <summary>Ends the training in all processes.</summary>
    public CancellationToken Cancellation => AreSeveral ? stop.Token : asked;

    /// <summary>Asks this process alone; it has to tell the others.</summary>
    public CancellationToken Asked => asked;

    /// <summary>The part of so many that is this process's: parts lie one behind the other and differ by one at most.</summary>
    public (int From, int To) ShareOf(int count) => Communicator is { } all
        ? ((int)((long)count * all.Rank / all.Size), (int)((long)count * (all.Rank + 1) / all.Size)) : (0, count);

    /// <summary>What each process gives, in the order of the ranks; of this process alone what it gives.</summary>
    public IReadOnlyList<byte[]> Gather(byte[] own) => Communicator?.AllGather(own) ?? [own];

    /// <summary>What the first process makes.</summary>
    /// <param name="make">Called there alone.</param>
    public byte[] FromFirst(Func<byte[]> make) => Gather(IsFirst ? make() : [])[0];

    /// <summary>The sums of numbers over all processes, and whether one of them was asked to stop.</summary>
    public (double[] Sums, bool IsStopped) Together(params double[] own)
    {
        if (Communicator is not { } all)
            return (own, false);
        double[] given = [.. own, asked.IsCancellationRequested ? 1 : 0];
        var sums = new double[given.Length];
        foreach (var each in all.AllGather(MemoryMarshal.AsBytes<double>(given)))
            for (var i = 0; i < sums.Length; i++)
                sums[i] += MemoryMarshal.Cast<byte, double>(each)[i];
        return (sums[..^1], sums[^1] > 0);
    }

    /// <summary>Does work that the other processes wait for, and tells them where it fails.</summary>
    public T Trying<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (AreSeveral && IsOwn(exception))
        {
            Communicator!.Abandon(exception.Message);
            throw;
        }
    }

    // What all processes meet at the same step is no failure of one of them.
    bool IsOwn(Exception exception) =>
        exception is not (CommunicationException or DivergedException)
        && !(exception is OperationCanceledException && Cancellation.IsCancellationRequested);

    /// <summary>Ends the training in this process; all have to come to it at the same step.</summary>
    /// <exception cref="OperationCanceledException">Always.</exception>
    [DoesNotReturn]
    public void Stop()
    {
        stop.Cancel();
        throw new OperationCanceledException(stop.Token);
    }
}
