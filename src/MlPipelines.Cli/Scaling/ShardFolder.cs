using System.Collections.Immutable;
using System.Globalization;

namespace MlPipelines.Cli;

/// <summary>All parts of one whole in a folder.</summary>
static class ShardFolder
{
    /// <summary>The command line whose parts lie in a folder, as the first part says that is whole.</summary>
    /// <exception cref="InvalidDataException">None is; the message says why.</exception>
    public static ImmutableArray<string> WordsIn(string folder)
    {
        InvalidDataException? first = null;
        foreach (var (_, path) in Listed(folder))
        {
            try
            {
                return ShardPart.Open(path).Header.Words;
            }
            catch (InvalidDataException damage)
            {
                first ??= damage;
            }
        }
        throw first!;
    }

    /// <summary>The parts, each whole, of one command, model, data and set of options, and none missing.</summary>
    /// <exception cref="InvalidDataException">That is not so; the message says of which part, and what to do.</exception>
    public static ImmutableArray<ShardPart> Open(Terminal terminal, string folder)
    {
        var files = Listed(folder);
        var count = files[0].Shard.Count;
        if (files.Select(file => file.Shard.Count).Distinct().ToArray() is [_, _, ..] counts)
            throw new InvalidDataException($"{folder}: holds parts of {string.Join(" and of ", counts.Order())} shards, those of one "
                + "division are needed. Take the others away.");
        var (parts, damaged) = (new List<ShardPart>(), new List<string>());
        foreach (var (shard, path) in files)
        {
            terminal.Cancellation.ThrowIfCancellationRequested();
            if (Opened(path, damaged) is { } part)
                parts.Add(part.Header.Shard == shard ? part : throw new InvalidDataException(
                    $"{path}: holds shard {part.Header.Shard}, its name says {shard}. Name it as it was written."));
        }
        if (parts is [])
            throw new InvalidDataException(damaged[0]);
        foreach (var part in parts)
            if (part.Header.Difference(parts[0].Header) is { } difference)
                throw new InvalidDataException($"{part.Path}: {difference}, as {parts[0].Path} is. Take away which of the two is not of "
                    + "this whole, and make it anew.");
        if (parts.Count < count)
            throw Missing(folder, parts, damaged);
        if (parts.Sum(part => part.Rows) is var rows && rows != parts[0].Header.WholeRows)
            throw new InvalidDataException($"{folder}: the parts hold {rows} images, the whole has {parts[0].Header.WholeRows}. Make all "
                + "parts anew.");
        WarnOfProcessors(terminal, parts);
        return [.. parts];
    }

    /// <summary>The rows of all parts, and how many names led to no picture, which is said.</summary>
    /// <inheritdoc cref="Open" path="/exception"/>
    public static (IDataView Rows, int Failed) Merged(Terminal terminal, string folder)
    {
        var parts = Open(terminal, folder);
        var failures = parts[0].Header.Failures;
        foreach (var failure in failures)
            terminal.Error(failure);
        return (new ShardView(parts), failures.Length);
    }

    static (Shard Shard, string Path)[] Listed(string folder) => Directory.Exists(folder)
        ? ShardPart.In(folder).OrderBy(file => file.Shard.Number).ThenBy(file => file.Shard.Count).ToArray() is [_, ..] files ? files
            : throw new InvalidDataException($"{folder}: holds no part such as {ShardPart.NameOf(new(1, 16))}. Make parts with "
                + $"'mlpipe predict MODEL FILES {ShardSettings.Option} 1/16 {OutputPlace.UsualOption} {ShellText.Quoted(folder)}'.")
        : throw new DirectoryNotFoundException($"{folder}: not found, a folder of parts is needed. Check the path.");

    static ShardPart? Opened(string path, List<string> damaged)
    {
        try
        {
            return ShardPart.Open(path);
        }
        catch (InvalidDataException damage)
        {
            damaged.Add(damage.Message);
            return null;
        }
    }

    static InvalidDataException Missing(string folder, List<ShardPart> parts, List<string> damaged)
    {
        var header = parts[0].Header;
        var missing = Enumerable.Range(1, header.Count).Except(parts.Select(part => part.Header.Number)).ToArray();
        var ranges = Ranges(missing);
        var words = ShellText.Line(["mlpipe", header.Words[0]]);
        var rest = ShellText.Line([.. CommandWords.Option(OutputPlace.UsualOption, folder), .. header.Words.Skip(1)]);
        var command = missing is [var one] ? $"{words} {ShardSettings.Option} {new Shard(one, header.Count)} {rest}"
            : $"for k in {string.Join(' ', ranges.Select(Sequence))}; do {words} {ShardSettings.Option} $k/{header.Count} {rest}; done";
        return new($"{folder}: {(missing.Length == 1 ? "shard" : "shards")} {string.Join(", ", ranges.Select(InWords))} of {header.Count} "
            + $"{(missing.Length == 1 ? "is" : "are")} missing"
            + $"{(damaged is [var first, ..] ? $" ({damaged.Count} damaged: {first.TrimEnd('.')})" : "")}, "
            + $"which this makes{(header.Words.Contains("-") ? " with the same list on standard input" : "")}: {command}");
    }

    static List<(int First, int Last)> Ranges(int[] numbers)
    {
        var ranges = new List<(int First, int Last)>();
        foreach (var number in numbers)
            if (ranges is [.., var last] && last.Last + 1 == number)
                ranges[^1] = (last.First, number);
            else
                ranges.Add((number, number));
        return ranges;
    }

    static string InWords((int First, int Last) range) => range.First == range.Last
        ? Number(range.First) : $"{Number(range.First)} to {Number(range.Last)}";

    static string Sequence((int First, int Last) range) => range.First == range.Last
        ? Number(range.First) : $"$(seq {Number(range.First)} {Number(range.Last)})";

    static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    static void WarnOfProcessors(Terminal terminal, List<ShardPart> parts)
    {
        var kinds = parts.Select(part => part.Header.Processor).Distinct().ToArray();
        if (kinds.Length > 1)
            terminal.Error($"warning: the parts were computed by processors of {kinds.Length} kinds ({string.Join(", ", kinds)}), so that "
                + "the last bits of scores may differ from those of one process.");
    }
}
