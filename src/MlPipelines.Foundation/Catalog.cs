namespace MlPipelines;

/// <summary>The members of a family: all sealed, concrete types of this library that derive from <typeparamref name="TFamily"/>.
/// Declaring a type registers it.</summary>
public static class Catalog<TFamily> where TFamily : class
{
    static readonly Lazy<IReadOnlyDictionary<string, Type>> members = new(() => new SortedDictionary<string, Type>(
        typeof(TFamily).Assembly.GetTypes().Where(IsMember).ToDictionary(type => type.Name, StringComparer.Ordinal),
        StringComparer.Ordinal));

    /// <summary>Members by name, in the order of their names.</summary>
    public static IReadOnlyDictionary<string, Type> Members => members.Value;

    /// <summary>The member of that name.</summary>
    /// <exception cref="InvalidDataException">There is none; the message lists the names there are.</exception>
    public static Type Find(string name) => Near(name) ?? (Members.TryGetValue(name, out var type)
        ? type
        : throw new InvalidDataException($"{typeof(TFamily).Name}: got '{name}', needs one of {string.Join(", ", Members.Keys)}."));

    // Most lie in the family's namespace, where they are found without loading all types of the library (20 ms).
    static Type? Near(string name) =>
        name.All(char.IsLetterOrDigit)
        && typeof(TFamily).Assembly.GetType($"{typeof(TFamily).Namespace}.{name}") is { IsNested: false } type && IsMember(type) ? type
        : null;

    static bool IsMember(Type type) => type is { IsSealed: true, IsAbstract: false } && typeof(TFamily).IsAssignableFrom(type);
}
