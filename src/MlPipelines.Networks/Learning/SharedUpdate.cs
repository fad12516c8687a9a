namespace MlPipelines;

/// <summary>What processes that learn together exchange before an update: sums of gradients, and the statistics that each has moved by its
/// own samples.</summary>
/// <param name="communicator">The processes.</param>
/// <param name="state">Of this process.</param>
/// <param name="written">What a step has written of it.</param>
/// <remarks>Statistics of normalisations become their mean over the samples. Everything travels in one buffer.</remarks>
sealed class SharedUpdate(ICommunicator communicator, LearnerState state, IEnumerable<TrainedState> written)
{
    readonly TrainedState[] exchanged = [.. written.Where(one => one.IsRunning)];
    float[] buffer = [];

    /// <summary>Brings all processes to the same sums and statistics.</summary>
    /// <param name="samples">Samples in the sums of this process; none leaves what it holds out.</param>
    /// <returns>Samples in the sums of all.</returns>
    /// <exception cref="CommunicationException">Another process is gone, or gave up.</exception>
    public float Exchange(float samples)
    {
        if (buffer.Length == 0)
            buffer = new float[exchanged.Sum(one => Now(one).Length) + 1];
        var rest = buffer.AsSpan();
        foreach (var one in exchanged)
        {
            // A process without samples still holds the sums of the update before.
            var factor = one.Parameter is not null ? samples : samples > 0 ? 1 : 0;
            var numbers = Now(one);
            for (var i = 0; i < numbers.Length; i++)
                rest[i] = factor == 0 ? 0 : numbers[i] * factor;
            rest = rest[numbers.Length..];
        }
        rest[0] = samples;
        communicator.AllReduce(buffer);
        var all = buffer[^1];
        rest = buffer;
        if (all == 0)
            return all;
        foreach (var one in exchanged)
        {
            var numbers = Now(one);
            rest[..numbers.Length].CopyTo(numbers);
            if (one.Parameter is not null)
                for (var i = 0; i < numbers.Length; i++)
                    numbers[i] /= all;
            rest = rest[numbers.Length..];
        }
        return all;
    }

    Span<float> Now(TrainedState one) => state.At(one.Name, state.Place).Elements<float>();
}
