using System.Text.Json.Nodes;

namespace MlPipelines.Cli;

/// <summary>A training in this process, or in all that an MPI launcher has started: <c>mpirun -n 4 mlpipe train …</c></summary>
static class SharedTraining
{
    /// <summary>Runs this process's part.</summary>
    /// <remarks>The first process speaks and writes. Of the others each says only what it fails by itself; where the first is gone, the
    /// second says so.</remarks>
    public static int Run(Terminal terminal, TrainingSettings settings)
    {
        using var all = MpiCommunicator.Open();
        if (all.Size == 1)
            return TrainingRun.Run(terminal, settings);
        terminal.IsMuted = all.Rank > 0;
        all.Lost += text =>
        {
            // Where the first is gone all others find it, and one says so.
            if (all.Rank <= 1)
            {
                terminal.SpeaksAs(all.Rank);
                terminal.Error(text);
            }
        };
        try
        {
            return TrainingRun.Run(terminal, settings with { Communicator = all });
        }
        catch (CommunicationException) when (all.IsBroken)
        {
            // It was told of when it was found.
            return ExitCode.Failure;
        }
        catch (Exception exception)
        {
            if (exception is not (CommunicationException or OperationCanceledException))
                all.Abandon(ErrorMessage.Of(exception));
            else if (all.Rank > 0)
                return ExitCode.Failure;
            terminal.SpeaksAs(all.Rank);
            throw;
        }
    }

    /// <summary>Compares what this process would run with what the first would.</summary>
    /// <param name="all">The processes; all come to this.</param>
    /// <param name="description">What pipeline.json says of the run.</param>
    /// <exception cref="CommunicationException">A process would run something else.</exception>
    public static void Agree(ICommunicator all, JsonObject description)
    {
        var told = all.AllGather(System.Text.Encoding.UTF8.GetBytes(description.ToJsonString()))
            .Select(each => JsonNode.Parse(each)!.AsObject()).ToArray();
        var others = told.Index().Select(each => (Rank: each.Index, Keys: Differing(told[0], each.Item)))
            .Where(each => each.Keys.Length > 0)
            .Select(each => $"rank {each.Rank} in {string.Join(", ", each.Keys)}").ToArray();
        if (others.Length > 0)
            throw new CommunicationException($"The processes differ: {string.Join("; ", others)}, beside rank 0. Start all with the same "
                + "mlpipe, options and data.");
    }

    static string[] Differing(JsonObject first, JsonObject other) => [.. first.Concat(other).Select(pair => pair.Key).Distinct()
        .Where(key => key != "folder" && !JsonNode.DeepEquals(first[key], other[key]))];
}
