using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>What is looked for, and how.</summary>
public sealed record DataCheckOptions
{
    /// <summary>The checks; every one there is by default.</summary>
    public ImmutableArray<DataCheck> Checks { get; init; } = DataCheck.All;

    /// <summary>Number of threads that decode images.</summary>
    public int Workers { get; init => field = Check.AtLeast(value, 1); } = Environment.ProcessorCount;

    /// <summary>Told of the number of images read.</summary>
    public IProgress<long>? Progress { get; init; }

    /// <summary>Ends the reading and the checks.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>The same with a check in place of the one of its kind.</summary>
    public DataCheckOptions With(DataCheck check)
    {
        ArgumentNullException.ThrowIfNull(check);
        return this with { Checks = [.. Checks.Select(one => one.GetType() == check.GetType() ? check : one)] };
    }
}
