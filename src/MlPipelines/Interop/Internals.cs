using System.Reflection;

namespace MlPipelines.Interop;

/// <summary>The internals of ML.NET that this library stands on, looked for once before they are used.</summary>
static class Internals
{
    const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    const string Core = "Microsoft.ML.Core", Data = "Microsoft.ML.Data", Trainers = "Microsoft.ML.StandardTrainers", Constructor = ".ctor";

    /// <summary>All but those of <see cref="OfSchedules"/>; a test compares both with what the library was compiled against.</summary>
    internal static readonly Internal[] Used =
    [
        new(Core, "Microsoft.ML.ITransformerWithDifferentMappingAtTrainingTime", ["TransformForTrainingPipeline"]),
        new(Core, "Microsoft.ML.LoadableClassAttribute", [Constructor]),
        new(Core, "Microsoft.ML.ModelLoadContext", ["CheckAtModel", "Directory", "LoadString", "TryLoadBinaryStream"]),
        new(Core, "Microsoft.ML.ModelSaveContext", ["CheckAtModel", "SaveBinaryStream", "SaveString", "SetVersionInfo"]),
        new(Core, "Microsoft.ML.Runtime.ChannelMessage", [Constructor]),
        new(Core, "Microsoft.ML.Runtime.IHostEnvironmentInternal", ["get_GpuDeviceId", "get_Seed"]),
        new(Core, "Microsoft.ML.SchemaShape", ["Create"]),
        new(Core, "Microsoft.ML.SchemaShape+Column", [Constructor]),
        new(Core, "Microsoft.ML.VersionInfo", [Constructor]),
        new(Data, "Microsoft.ML.Data.IInternalCatalog", ["get_Environment"]),
        new(Data, "Microsoft.ML.Data.ITransformerChainAccessor", ["get_Scopes", "get_Transformers"]),
        new(Data, "Microsoft.ML.DataOperationsCatalog", [Constructor]),
        new(Data, "Microsoft.ML.DataOperationsCatalog+TrainTestData", [Constructor]),
        new(Data, "Microsoft.ML.ModelOperationsCatalog", [Constructor]),
        new(Data, "Microsoft.ML.TransformsCatalog", [Constructor]),
    ];

    /// <summary>Those of ML.NET's learning-rate schedulers, whose assembly is not loaded before one is used.</summary>
    internal static readonly Internal[] OfSchedules =
    [
        new(Trainers, "Microsoft.ML.Trainers.DnnTrainState",
            [Constructor, "BatchSize", "BatchesPerEpoch", "CurrentBatchIndex", "CurrentEpoch"]),
        new(Trainers, "Microsoft.ML.Trainers.LearningRateScheduler", ["GetLearningRate"]),
    ];

    static readonly Lazy<string?> missing = new(() => Missing(Used)), missingOfSchedules = new(() => Missing(OfSchedules));

    /// <exception cref="NotSupportedException">The Microsoft.ML that is loaded lacks one of them.</exception>
    public static void Check() => Check(missing);

    /// <exception cref="NotSupportedException">The Microsoft.ML that is loaded lacks one of them.</exception>
    public static void CheckSchedules() => Check(missingOfSchedules);

    static void Check(Lazy<string?> missing)
    {
        if (missing.Value is { } member)
            throw new NotSupportedException($"MlPipelines: the Microsoft.ML that is loaded ({Version}) has no {member}, Microsoft.ML 5 is "
                + "needed. Reference version 5.0.1.");
    }

    /// <summary>The version of Microsoft.ML that is loaded.</summary>
    public static string Version =>
        typeof(SchemaShape).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? "unknown";

    /// <summary>The first that is not there; null where all are.</summary>
    internal static string? Missing(IEnumerable<Internal> used)
    {
        foreach (var (assembly, name, members) in used)
        {
            // By name, not by typeof: a type that is gone would end the method that names it, before it could say so.
            if (System.Reflection.Assembly.Load(assembly).GetType(name) is not { } type)
                return name;
            if (members.FirstOrDefault(member => type.GetMember(member, Any).Length == 0) is { } member)
                return $"{name}.{member}";
        }
        return null;
    }

    /// <summary>Members of a type of ML.NET, of which it or they are internal.</summary>
    internal sealed record Internal(string Assembly, string Type, string[] Members);
}
