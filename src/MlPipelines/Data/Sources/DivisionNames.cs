using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>What the parts of divided data are called, and by which words folders and tables mean them.</summary>
static class DivisionNames
{
    public const string Train = "train", Validation = "validation", Test = "test";

    /// <summary>The parts in the order in which they are used.</summary>
    public static ImmutableArray<string> All { get; } = [Train, Validation, Test];

    static readonly ImmutableDictionary<string, string> words = new Dictionary<string, string>
    {
        ["train"] = Train,
        ["training"] = Train,
        ["validation"] = Validation,
        ["valid"] = Validation,
        ["val"] = Validation,
        ["dev"] = Validation,
        ["test"] = Test,
        ["testing"] = Test,
    }.ToImmutableDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The part that a word means; null for any other word.</summary>
    public static string? Of(string word) => words.GetValueOrDefault(word.Trim());

    /// <summary>The parts that folders of those names are, where all of them are named so; else none.</summary>
    /// <param name="place">What holds them, for messages.</param>
    /// <param name="folders">Their names.</param>
    /// <exception cref="InvalidDataException">Two are the same part.</exception>
    public static ImmutableDictionary<string, string> Of(string place, IReadOnlyCollection<string> folders)
    {
        if (folders.Count == 0 || folders.Any(folder => Of(folder) is null))
            return ImmutableDictionary<string, string>.Empty;
        if (folders.GroupBy(Of).FirstOrDefault(part => part.Count() > 1) is { } twice)
            throw new InvalidDataException($"{place}: holds {string.Join(" and ", twice.Order().Select(name => $"'{name}'"))}, which both "
                + $"mean the part '{twice.Key}'. Put their images together, or rename one.");
        return folders.ToImmutableDictionary(folder => folder, folder => Of(folder)!, StringComparer.Ordinal);
    }
}
