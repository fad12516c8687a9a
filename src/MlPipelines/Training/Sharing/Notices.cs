using System.Text.Json;

namespace MlPipelines;

/// <summary>Something that a process warns of.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Row">The image that it left out; null where it is of something else.</param>
readonly record struct Notice(string Text, SkippedRow? Row);

/// <summary>What a process of a training has warned of, so that the first can tell of it, and of what all say only once.</summary>
sealed class Notices
{
    readonly HashSet<string> told = new(StringComparer.Ordinal);
    readonly List<Notice> waiting = [];

    /// <summary>Notes a warning of this process.</summary>
    public void Add(Notice notice)
    {
        told.Add(notice.Text);
        waiting.Add(notice);
    }

    /// <summary>Those noted since the last time, for <see cref="New"/> of another process.</summary>
    public byte[] Taken()
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(waiting);
        waiting.Clear();
        return bytes;
    }

    /// <summary>Those of other processes that were not told of before, with their ranks.</summary>
    /// <param name="gathered">Of <see cref="Taken"/>, in the order of the ranks.</param>
    public IEnumerable<(int Rank, Notice Notice)> New(IReadOnlyList<byte[]> gathered) => gathered.Index()
        .SelectMany(each => JsonSerializer.Deserialize<Notice[]>(each.Item)!.Select(notice => (each.Index, notice)))
        .Where(each => told.Add(each.notice.Text));
}
