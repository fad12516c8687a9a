using System.Reflection;

namespace MlPipelines.Interop;

/// <summary>The internals of ML.NET that this library stands on, looked for once before they are used.</summary>
static class Internals
{
    const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    static readonly (string Type, string[] Members)[] used =
    [
        ("Microsoft.ML.ModelSaveContext", ["SetVersionInfo", "SaveString", "SaveBinaryStream", "CheckAtModel"]),
        ("Microsoft.ML.ModelLoadContext", ["CheckAtModel", "LoadString", "TryLoadBinaryStream"]),
        ("Microsoft.ML.ITransformerWithDifferentMappingAtTrainingTime", ["TransformForTrainingPipeline"]),
        ("Microsoft.ML.Runtime.IHostEnvironmentInternal", ["get_Seed", "get_GpuDeviceId"]),
        ("Microsoft.ML.SchemaShape", ["TryFindColumn", "Create"]),
    ];

    static readonly Lazy<string?> missing = new(Missing);

    /// <exception cref="NotSupportedException">The Microsoft.ML that is loaded lacks one of them.</exception>
    public static void Check()
    {
        if (missing.Value is { } member)
            throw new NotSupportedException($"MlPipelines: the Microsoft.ML that is loaded ({Version}) has no {member}, Microsoft.ML 5 is needed. Reference version 5.0.1.");
    }

    /// <summary>The version of Microsoft.ML that is loaded.</summary>
    public static string Version => typeof(SchemaShape).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    static string? Missing()
    {
        foreach (var (name, members) in used)
        {
            if (typeof(SchemaShape).Assembly.GetType(name) is not { } type)
                return name;
            if (members.FirstOrDefault(member => type.GetMember(member, Any).Length == 0) is { } member)
                return $"{name}.{member}";
        }
        return typeof(MLContext).Assembly.GetType("Microsoft.ML.Data.IInternalCatalog") is null && typeof(MLContext).Assembly.GetType(typeof(IInternalCatalog).FullName!) is null ? "IInternalCatalog" : null;
    }
}
