using System.Collections.Immutable;
using System.Text.Json;

namespace MlPipelines;

/// <summary>What a part holds, and of what: parts are of one whole where all but the share's own number is the same.</summary>
sealed record ShardHeader
{
    /// <summary>The command that scored it, as its words, without those of the share and of places that are written to.</summary>
    public required ImmutableArray<string> Words { get; init; }

    /// <summary>Number of the share, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>How many shares there are.</summary>
    public required int Count { get; init; }

    /// <summary>Rows of the whole.</summary>
    public required long WholeRows { get; init; }

    /// <summary>SHA-256 of the model's file, and of what names its classes.</summary>
    public required string Model { get; init; }

    /// <summary>Fingerprint of the data: names, places, labels and sizes of all pictures, in their order.</summary>
    public required string Data { get; init; }

    /// <summary>Versions of what computed it.</summary>
    public required string Software { get; init; }

    /// <summary>The kind of processor, whose registers decide the last bits of scores.</summary>
    public required string Processor { get; init; }

    /// <summary>The options that were given, each with its values.</summary>
    public required ImmutableSortedDictionary<string, string> Options { get; init; }

    /// <summary>The folder from which the paths of the rows are found.</summary>
    public required string Directory { get; init; }

    /// <summary>What the command says of names that lead to no picture.</summary>
    public ImmutableArray<string> Failures { get; init; } = [];

    /// <summary>Names of the classes, in the order of the scores; none where numbers are features.</summary>
    public ImmutableArray<string> Classes { get; init; } = [];

    /// <summary>Numbers of a row.</summary>
    public int Width { get; init; }

    /// <summary>Columns of text beside that of the paths.</summary>
    public ImmutableArray<string> Texts { get; init; } = [];

    /// <summary>Column of the numbers.</summary>
    public string Numbers { get; init; } = "";

    /// <summary>The command's name.</summary>
    public string Command => Words.IsDefaultOrEmpty ? "" : Words[0];

    /// <summary>The share.</summary>
    public Shard Shard => new(Number, Count);

    /// <summary>What tells the other apart, so that it is of another whole; null for nothing.</summary>
    public string? Difference(ShardHeader other) => Command != other.Command ? $"is of the command {Command}, not of {other.Command}"
        : Count != other.Count ? $"is one of {Count} shards, not of {other.Count}"
        : Model != other.Model ? "is of another model, or of other names of its classes"
        : Data != other.Data || WholeRows != other.WholeRows ? "is of other images, or of the same in another place or order"
        : !Options.SequenceEqual(other.Options) ? $"is of other options ({Named(Options)}, not {Named(other.Options)})"
        : Software != other.Software ? $"was made by {Software}, not by {other.Software}"
        : null;

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this);

    /// <exception cref="JsonException">It is no header.</exception>
    public static ShardHeader Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<ShardHeader>(json) ?? throw new JsonException("is null");

    static string Named(ImmutableSortedDictionary<string, string> options) =>
        options.IsEmpty ? "none" : string.Join(' ', options.Select(option => $"{option.Key} {option.Value}".TrimEnd()));
}
