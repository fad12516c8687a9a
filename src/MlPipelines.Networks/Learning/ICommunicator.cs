namespace MlPipelines;

/// <summary>Processes that train one network together, each on its part of every batch. All of them make the same calls in the same
/// order; a call returns when all have made it.</summary>
/// <remarks>Of the package MlPipelines.Mpi: <c>MpiCommunicator</c>.</remarks>
public interface ICommunicator
{
    /// <summary>Number of this process, from 0.</summary>
    int Rank { get; }

    /// <summary>Number of processes, at least 1.</summary>
    int Size { get; }

    /// <summary>Processor cores that are this process's share of those that it has together with others, at least 1.</summary>
    int Cores { get; }

    /// <summary>Replaces numbers by their sums over all processes.</summary>
    /// <param name="numbers">Equally many in each process.</param>
    /// <remarks>Summed in the order of the ranks, so that every process gets the same bits, in every run.</remarks>
    /// <exception cref="CommunicationException">Another process is gone, or gave up.</exception>
    void AllReduce(Span<float> numbers);

    /// <summary>What each process gives, in the order of the ranks.</summary>
    /// <param name="bytes">Any number of them, none included.</param>
    /// <exception cref="CommunicationException">Another process is gone, or gave up.</exception>
    IReadOnlyList<byte[]> AllGather(ReadOnlySpan<byte> bytes);

    /// <summary>Tells the others that this process gives up; what they wait for ends with a <see cref="CommunicationException"/>.</summary>
    /// <param name="reason">A sentence.</param>
    void Abandon(string reason);
}
