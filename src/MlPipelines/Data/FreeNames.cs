namespace MlPipelines;

/// <summary>Names that no other has, whatever a file system makes of upper and lower case.</summary>
sealed class FreeNames
{
    readonly Dictionary<string, int> taken = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The name, or with a number before its extension where it is taken.</summary>
    public string Take(string name)
    {
        var (free, number) = (name, taken.GetValueOrDefault(name, 1));
        while (!taken.TryAdd(free, 1))
            free = SafeFileName.Numbered(name, ++number);
        taken[name] = number;
        return free;
    }
}
