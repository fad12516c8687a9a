namespace MlPipelines;

/// <summary>The members of a family: all sealed, concrete types of this library that derive from <typeparamref name="TFamily"/>. Declaring a type registers it.</summary>
public static class Catalog<TFamily> where TFamily : class
{
    /// <summary>Members by name, in the order of their names.</summary>
    public static IReadOnlyDictionary<string, Type> Members { get; } = new SortedDictionary<string, Type>(
        typeof(TFamily).Assembly.GetTypes()
            .Where(type => type is { IsSealed: true, IsAbstract: false } && typeof(TFamily).IsAssignableFrom(type))
            .ToDictionary(type => type.Name, StringComparer.Ordinal),
        StringComparer.Ordinal);

    /// <summary>The member of that name.</summary>
    /// <exception cref="InvalidDataException">There is none; the message lists the names there are.</exception>
    public static Type Find(string name) => Members.TryGetValue(name, out var type)
        ? type
        : throw new InvalidDataException($"{typeof(TFamily).Name}: got '{name}', needs one of {string.Join(", ", Members.Keys)}.");
}
