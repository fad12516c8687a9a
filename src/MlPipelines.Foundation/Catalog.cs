using System.Reflection;

namespace MlPipelines;

/// <summary>The members of a family: all sealed, concrete types of this library that derive from <typeparamref name="TFamily"/>.
/// Declaring a type registers it.</summary>
static class Catalog<TFamily> where TFamily : class
{
    static readonly Lazy<IReadOnlyDictionary<string, Type>> members = new(() => new SortedDictionary<string, Type>(
        typeof(TFamily).Assembly.GetTypes().Where(IsMember).ToDictionary(type => type.Name, StringComparer.Ordinal),
        StringComparer.Ordinal));

    /// <summary>Members by name, in the order of their names.</summary>
    public static IReadOnlyDictionary<string, Type> Members => members.Value;

    /// <summary>What a member is called in files: by its name alone where it is this library's, in full where it is another's.</summary>
    public static string NameOf(Type member)
    {
        ArgumentNullException.ThrowIfNull(member);
        return member.Assembly == Own ? member.Name : member.FullName!;
    }

    /// <summary>The member of that name, of this library or of a program that derives its own.</summary>
    /// <exception cref="InvalidDataException">There is none, or there are several; the message lists the names there are.</exception>
    public static Type Find(string name) => Near(name) ?? Members.GetValueOrDefault(name) ?? (Elsewhere(name) is [var only, .. var others]
        ? others.Length == 0 ? only : throw new InvalidDataException($"{typeof(TFamily).Name}: got '{name}', which is in "
            + $"{string.Join(" and ", Elsewhere(name).Select(type => type.Assembly.GetName().Name))}. Load one of them alone.")
        : throw new InvalidDataException($"{typeof(TFamily).Name}: got '{name}', needs one of {string.Join(", ", Members.Keys)}, "
            + "or one of the program's own, whose assembly must be loaded."));

    static Assembly Own => typeof(TFamily).Assembly;

    // Most lie in the family's namespace, where they are found without loading all types of the library (20 ms).
    static Type? Near(string name) =>
        name.All(char.IsLetterOrDigit) && Own.GetType($"{typeof(TFamily).Namespace}.{name}") is { IsNested: false } type && IsMember(type)
        ? type : null;

    /// <summary>The public members that programs derive, of the assemblies that are loaded now.</summary>
    public static IEnumerable<Type> Others => Users().SelectMany(assembly => assembly.GetExportedTypes()).Where(IsOther);

    static Type[] Elsewhere(string name) => name.Length > 0
        && name.All(letter => char.IsLetterOrDigit(letter) || letter is '.' or '+' or '_')
        ? [.. Users().Select(assembly => assembly.GetType(name)).OfType<Type>().Where(IsOther)] : [];

    // An assembly that derives from the family refers to this one.
    static IEnumerable<Assembly> Users() => AppDomain.CurrentDomain.GetAssemblies()
        .Where(assembly => assembly != Own && assembly.GetReferencedAssemblies().Any(other => other.Name == Own.GetName().Name));

    static bool IsOther(Type type) => type is { IsClass: true, IsAbstract: false } && typeof(TFamily).IsAssignableFrom(type);

    static bool IsMember(Type type) => type is { IsSealed: true, IsAbstract: false } && typeof(TFamily).IsAssignableFrom(type);
}
