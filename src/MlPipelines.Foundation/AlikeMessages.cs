using System.Text.RegularExpressions;

namespace MlPipelines;

/// <summary>Messages that differ in names and numbers alone: the first few of a kind are let through, the others counted. Safe for
/// several threads.</summary>
/// <param name="most">How many of a kind are let through.</param>
sealed partial class AlikeMessages(int most)
{
    readonly Dictionary<string, (string First, long Count)> kinds = new(StringComparer.Ordinal);

    /// <summary>Whether a message is among the first of its kind.</summary>
    public bool Lets(string message)
    {
        var kind = Varying().Replace(message, "*");
        lock (kinds)
        {
            var (first, count) = kinds.GetValueOrDefault(kind, (message, 0));
            kinds[kind] = (first, count + 1);
            return count < most;
        }
    }

    /// <summary>A line for each kind of which some were held back: how many, and its first message. They are counted anew from
    /// here.</summary>
    public IReadOnlyList<string> HeldBack()
    {
        lock (kinds)
        {
            string[] lines = [.. kinds.Values.Where(kind => kind.Count > most)
                .Select(kind => $"{kind.Count - most:N0} more like this one: {kind.First}")];
            kinds.Clear();
            return lines;
        }
    }

    // What stands in quotes, paths with their folders, and numbers.
    [GeneratedRegex(@"'[^']*'|""[^""]*""|(?<=^|\s)[^:]*[/\\][^:]*(?=: )|\S*[/\\]\S*|\d[\d,.×]*")]
    private static partial Regex Varying();
}
