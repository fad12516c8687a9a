using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace MlPipelines.Cli;

/// <summary>A command that many machines do, and what each of them gets.</summary>
sealed partial record ClusterJob
{
    /// <summary>The command's name, its options and arguments, without the places that results go to.</summary>
    public ImmutableArray<string> Words { get; init; } = [];

    /// <summary>Where the results of all shards go, as words of merge.</summary>
    public ImmutableArray<string> Results { get; init; } = [];

    /// <summary>How many shards, or processes that train together.</summary>
    public int Count { get; init; }

    /// <summary>The folder of the parts.</summary>
    public string Parts { get; init; } = "parts";

    /// <summary>What the job is called; null for the command's name.</summary>
    public string? Name { get; init; }

    /// <summary>How the program is called on the machines.</summary>
    public string Program { get; init; } = "mlpipe";

    /// <summary>Processors of each shard or process.</summary>
    public int Cpus { get; init; }

    /// <summary>Memory of each, a whole number of K, M, G or T (of 1024).</summary>
    public string? Memory { get; init; }

    /// <summary>Longest time of each; null for the cluster's own.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>How often what failed is tried again.</summary>
    public int Retries { get; init; }

    /// <summary>Whether it trains, which is one job of all processes.</summary>
    public bool Trains => Words is ["train", ..];

    /// <summary>Its name in the cluster.</summary>
    public string NameInUse => Name ?? $"mlpipe-{Words[0]}";

    /// <summary>The words of a shard, from the program on.</summary>
    /// <param name="shard">Which one, as the cluster says it.</param>
    public IEnumerable<string> Shard(string shard) =>
        [Words[0], ShardSettings.Option, shard, .. CommandWords.Option(OutputPlace.UsualOption, Parts), .. Words.Skip(1)];

    /// <summary>The words of the merge behind the program.</summary>
    public IEnumerable<string> Merge => ["merge", .. Results, .. Parts is ['-', ..] ? ["--"] : Array.Empty<string>(), Parts];

    /// <exception cref="FormatException">It is no name that clusters take.</exception>
    public static string CheckedName(string text) => DnsName().IsMatch(text) ? text : throw new FormatException(
        $"got '{text}', needs a name of a to z, 0 to 9 and - between them, 40 letters at most.");

    /// <exception cref="FormatException">It is no size.</exception>
    public static string CheckedMemory(string text) => Size().IsMatch(text) ? text : throw new FormatException(
        $"got '{text}', needs a whole number with K, M, G or T behind it, such as 4G.");

    /// <exception cref="FormatException">It is no time.</exception>
    public static TimeSpan? CheckedTime(string text) => Clock().Match(text) is { Success: true } match
        ? new TimeSpan(Part(match, 1), Part(match, 2), Part(match, 3), Part(match, 4))
        : throw new FormatException($"got '{text}', needs hours, minutes and seconds, such as 1:30:00, or days before them: 2-12:00:00.");

    static int Part(Match match, int group) =>
        match.Groups[group].Success ? int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?\z")]
    private static partial Regex DnsName();

    [GeneratedRegex(@"^[1-9][0-9]{0,8}[KMGT]\z")]
    private static partial Regex Size();

    [GeneratedRegex(@"^(?:([0-9]{1,3})-)?([0-9]{1,3}):([0-5][0-9]):([0-5][0-9])\z")]
    private static partial Regex Clock();
}
