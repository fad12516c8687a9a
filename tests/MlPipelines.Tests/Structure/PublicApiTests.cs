using System.Reflection;
using System.Runtime.CompilerServices;

namespace MlPipelines.Tests.Structure;

/// <summary>What programs may use, project by project, as it was approved: <c>APPROVE=1 dotnet test</c> writes it anew.</summary>
public sealed class PublicApiTests
{
    const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    // What the compiler adds to every record.
    static readonly string[] ofRecords =
        ["Equals", "GetHashCode", "ToString", "PrintMembers", "<Clone>$", "Deconstruct", "op_Equality", "op_Inequality",
            "EqualityContract"];

    /// <summary>All projects of src whose types programs may use: a tool is none.</summary>
    public static TheoryData<string> Projects => [.. Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj",
        SearchOption.AllDirectories).Where(file => !File.ReadAllText(file).Contains("<PackAsTool>true<", StringComparison.Ordinal))
        .Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Every_list_is_that_of_a_project() =>
        Assert.Equal(Projects.Select(row => row.Data), Directory.GetFiles(Path.Combine(Repository.Root, "tests", "MlPipelines.Tests",
            "Structure", "Api"), "*.txt").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(Projects))]
    public void The_public_surface_is_the_approved_one(string project)
    {
        var path = Path.Combine(Repository.Root, "tests", "MlPipelines.Tests", "Structure", "Api", $"{project}.txt");
        string[] now =
            [.. Assembly.Load(project).GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal).SelectMany(Lines)];
        if (Environment.GetEnvironmentVariable("APPROVE") == "1")
            File.WriteAllLines(path, now);
        var approved = File.Exists(path) ? File.ReadAllLines(path) : [];
        Assert.True(now.SequenceEqual(approved), $"{path}: the public surface is another than was approved. Gone:\n"
            + $"{string.Join('\n', approved.Except(now).Take(40))}\nNew:\n{string.Join('\n', now.Except(approved).Take(40))}\n"
            + "Set APPROVE=1 where it is meant.");
    }

    static IEnumerable<string> Lines(Type type) =>
    [
        $"{Kind(type)} {type.FullName}{Parent(type)}",
        .. type.GetMembers(Declared).Where(member => member is not Type && IsVisible(member) && !IsOfRecord(type, member))
            .Select(member => $"    {Text(member)}").Order(StringComparer.Ordinal),
    ];

    static string Parent(Type type) =>
        type is { IsValueType: false, BaseType: { } parent } && parent != typeof(object) ? $" : {Text(parent)}" : "";

    static string Kind(Type type) => type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct"
        : typeof(Delegate).IsAssignableFrom(type) ? "delegate" : type is { IsAbstract: true, IsSealed: true } ? "static class"
        : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";

    static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly)
            && (!method.IsSpecialName || method is ConstructorInfo || method.Name.StartsWith("op_", StringComparison.Ordinal)),
        FieldInfo field => (field.IsPublic || field.IsFamily) && !field.IsSpecialName,
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(one => one.IsPublic || one.IsFamily || one.IsFamilyOrAssembly),
        EventInfo moment => moment.AddMethod!.IsPublic,
        _ => false,
    };

    static bool IsOfRecord(Type type, MemberInfo member) => member.IsDefined(typeof(CompilerGeneratedAttribute)) && member is MethodBase
        || ofRecords.Contains(member.Name)
        || member is ConstructorInfo constructor && constructor.GetParameters() is [var only] && only.ParameterType == type;

    static string Text(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $"new({Text(constructor.GetParameters())})",
        MethodInfo method => (method.IsStatic ? "static " : method.IsAbstract ? "abstract " : "")
            + $"{Text(method.ReturnType)} {method.Name}"
            + (method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Text))}>" : "")
            + $"({Text(method.GetParameters())})",
        PropertyInfo property => $"{Text(property.PropertyType)} {property.Name}{(property.GetMethod is null ? "" : " get")}"
            + (property.SetMethod is { IsPublic: true } set
                ? set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init" : " set" : ""),
        FieldInfo field => $"{(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{Text(field.FieldType)} {field.Name}",
        EventInfo moment => $"event {Text(moment.EventHandlerType!)} {moment.Name}",
        _ => member.Name,
    };

    static string Text(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(parameter =>
        $"{Text(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? " = …" : "")}"));

    static string Text(Type type) => type.IsGenericType
        ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Text))}>" : type.Name;
}
