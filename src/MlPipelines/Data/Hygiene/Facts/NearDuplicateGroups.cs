using System.Collections.Immutable;
using System.Numerics;

namespace MlPipelines;

/// <summary>Groups of fingerprints of which each looks like another of the group.</summary>
/// <remarks>Every pair is compared, by one exclusive-or and one count of bits: n² / 2 of them.</remarks>
sealed class NearDuplicateGroups
{
    readonly ImmutableArray<Fingerprint> prints;
    readonly ulong[] hashes;
    readonly int[] parents;
    readonly Lock gate = new();

    NearDuplicateGroups(ImmutableArray<Fingerprint> prints)
    {
        this.prints = prints;
        hashes = [.. prints.Select(print => print.Hash)];
        parents = [.. Enumerable.Range(0, prints.Length)];
    }

    /// <summary>The groups of two or more, as positions in ascending order; groups in the order of their first.</summary>
    internal static IEnumerable<int[]> Groups(ImmutableArray<Fingerprint> prints, int distance, double correlation,
        CancellationToken cancellation)
    {
        var search = new NearDuplicateGroups(prints);
        Parallel.For(0, prints.Length, new() { CancellationToken = cancellation }, i => search.Compare(i, distance, correlation));
        return Enumerable.Range(0, prints.Length).GroupBy(search.Root, (_, members) => members.ToArray())
            .Where(members => members.Length > 1);
    }

    void Compare(int i, int distance, double correlation)
    {
        if (prints[i].IsPlain)
            return;
        var hash = hashes[i];
        for (var j = i + 1; j < hashes.Length; j++)
            if (BitOperations.PopCount(hash ^ hashes[j]) <= distance && !prints[j].IsPlain && Root(i) != Root(j)
            && prints[i].Correlation(prints[j]) >= correlation)
                Join(i, j);
    }

    // A parent only ever becomes a smaller one, so two that have the same root while others join have it for good.
    int Root(int i)
    {
        while (Volatile.Read(ref parents[i]) is var parent && parent != i)
            i = parent;
        return i;
    }

    void Join(int i, int j)
    {
        lock (gate)
        {
            var (a, b) = (Root(i), Root(j));
            Volatile.Write(ref parents[Math.Max(a, b)], Math.Min(a, b));
        }
    }
}
