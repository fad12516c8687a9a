using System.Reflection;

namespace MlPipelines;

/// <summary>The members of a family: all sealed, concrete types that derive from <typeparamref name="TFamily"/> in this library,
/// and those that programs derive. Declaring a type registers it.</summary>
static class Catalog<TFamily> where TFamily : class
{
    static readonly Lazy<IReadOnlyDictionary<string, Type>> members = new(() => new SortedDictionary<string, Type>(
        typeof(TFamily).Assembly.GetTypes().Where(IsMember).ToDictionary(type => type.Name, StringComparer.Ordinal),
        StringComparer.Ordinal));

    /// <summary>Members by name, in the order of their names.</summary>
    public static IReadOnlyDictionary<string, Type> Members => members.Value;

    /// <summary>What a member is called in files: by its name alone where it is this library's, in full where it is a program's.</summary>
    /// <exception cref="NotSupportedException">It is generic, so that no name finds it again.</exception>
    public static string NameOf(Type member)
    {
        ArgumentNullException.ThrowIfNull(member);
        if (member.Assembly == Own)
            return member.Name;
        if (member.IsGenericType)
            throw new NotSupportedException(
                $"{member}: is generic, so that a file cannot name it. Derive a type without parameters from it.");
        // A name without a namespace must not be taken for one of this library's.
        return member.Namespace is null ? Global + member.FullName : member.FullName!;
    }

    /// <summary>The member of that name, of this library or of a program that derives its own.</summary>
    /// <exception cref="InvalidDataException">There is none, or there are several; the message lists the names there are.</exception>
    public static Type Find(string name) => Near(name) ?? Members.GetValueOrDefault(name) ?? Elsewhere(name) switch
    {
        [var only] => only,
        [] => throw new InvalidDataException($"{typeof(TFamily).Name}: got '{name}', needs one of {string.Join(", ", Members.Keys)}, "
            + "or one of the program's own, whose assembly must be loaded."),
        var several => throw new InvalidDataException($"{typeof(TFamily).Name}: got '{name}', which is in "
            + $"{string.Join(" and ", several.Select(type => type.Assembly.GetName().Name))}. Load one of them alone."),
    };

    const string Global = "global::";

    static Assembly Own => typeof(TFamily).Assembly;

    // Most lie in the family's namespace, where they are found without loading all types of the library (20 ms).
    static Type? Near(string name) =>
        name.All(char.IsLetterOrDigit) && Own.GetType($"{typeof(TFamily).Namespace}.{name}") is { IsNested: false } type && IsMember(type)
        ? type : null;

    /// <summary>The public members that programs derive, by their names in files, of the assemblies that are loaded now;
    /// a name that two assemblies have is left out.</summary>
    public static IEnumerable<KeyValuePair<string, Type>> Others => Users().SelectMany(Types).Where(type => type.IsVisible && IsOther(type))
        .GroupBy(NameOf).Where(same => same.Count() == 1).Select(same => KeyValuePair.Create(same.Key, same.Single()));

    static Type[] Elsewhere(string name) =>
        [.. Users().SelectMany(Types).Where(type => IsOther(type) && string.Equals(NameOf(type), name, StringComparison.Ordinal))];

    // An assembly that derives from the family refers to this one; what is made while a program runs is in no file.
    static IEnumerable<Assembly> Users() => AppDomain.CurrentDomain.GetAssemblies().Where(assembly => assembly != Own && !assembly.IsDynamic
        && assembly.GetReferencedAssemblies().Any(other => other.Name == Own.GetName().Name));

    // Types that need an assembly which is not there are none of the family's that a file could hold.
    static IEnumerable<Type> Types(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException exception)
        {
            return exception.Types.OfType<Type>();
        }
    }

    static bool IsOther(Type type) =>
        type is { IsClass: true, IsAbstract: false, IsGenericType: false } && typeof(TFamily).IsAssignableFrom(type);

    static bool IsMember(Type type) => type is { IsSealed: true, IsAbstract: false } && typeof(TFamily).IsAssignableFrom(type);
}
