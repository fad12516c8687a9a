using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace MlPipelines.Tests.Structure;

/// <summary>What of ML.NET's internals the library was compiled against is what it looks for before it uses it.</summary>
public sealed class InternalsTests
{
    const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    [Fact]
    public void Each_internal_member_that_is_used_is_looked_for() =>
        Assert.Equal(Used().Order(StringComparer.Ordinal),
            Internals.Used.Concat(Internals.OfSchedules).SelectMany(one => one.Members, (one, member) => $"{one.Type}.{member}")
            .Order(StringComparer.Ordinal));

    [Fact]
    public void None_is_missing_in_the_ML_NET_that_is_referenced()
    {
        Internals.Check();
        Internals.CheckSchedules();
    }

    [Fact]
    public void One_that_is_missing_is_named() =>
        Assert.Equal("Microsoft.ML.SchemaShape.Vanished",
            Internals.Missing([new("Microsoft.ML.Core", "Microsoft.ML.SchemaShape", ["Create", "Vanished"])]));

    static HashSet<string> Used()
    {
        using var file = new PEReader(File.OpenRead(typeof(Step).Assembly.Location));
        var metadata = file.GetMetadataReader();
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in metadata.MemberReferences.Select(metadata.GetMemberReference)
            .Where(member => member.Parent.Kind == HandleKind.TypeReference))
        {
            if (Resolve(metadata, metadata.GetTypeReference((TypeReferenceHandle)member.Parent)) is not { } type)
                continue;
            var name = metadata.GetString(member.Name);
            if (!type.IsVisible || !Array.Exists(type.GetMember(name, Any), IsPublic))
                used.Add($"{type.FullName}.{name}");
        }
        return used;
    }

    static Type? Resolve(MetadataReader metadata, TypeReference reference) => reference.ResolutionScope.Kind switch
    {
        HandleKind.TypeReference =>
            Resolve(metadata,
                metadata.GetTypeReference((TypeReferenceHandle)reference.ResolutionScope))?.GetNestedType(
                    metadata.GetString(reference.Name), Any),
        HandleKind.AssemblyReference
        when metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)reference.ResolutionScope).Name) is var assembly
            && assembly.StartsWith("Microsoft.ML.", StringComparison.Ordinal) && assembly != "Microsoft.ML.OnnxRuntime" =>
            Assembly.Load(assembly).GetType($"{metadata.GetString(reference.Namespace)}.{metadata.GetString(reference.Name)}"),
        _ => null,
    };

    static bool IsPublic(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
        _ => true,
    };
}
