namespace MlPipelines;

/// <summary>Names of files that no other file has, whatever a file system makes of upper and lower case.</summary>
/// <param name="used">Names that are used already.</param>
sealed class UnusedFileNames(params IEnumerable<string> used)
{
    // The last number that was added to each name; smaller ones are used.
    readonly Dictionary<string, int> numbers =
        used.Distinct(StringComparer.OrdinalIgnoreCase).ToDictionary(name => name, _ => 1, StringComparer.OrdinalIgnoreCase);

    /// <summary>Uses the name, or where it is used one with a number before its extension.</summary>
    public string Take(string name)
    {
        var (unused, number) = (name, numbers.GetValueOrDefault(name, 1));
        while (!numbers.TryAdd(unused, 1))
            unused = SafeFileName.Numbered(name, ++number);
        numbers[name] = number;
        return unused;
    }
}
