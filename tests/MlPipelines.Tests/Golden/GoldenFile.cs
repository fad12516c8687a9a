using System.Text.Json;
using System.Text.Json.Serialization;

namespace MlPipelines.Tests.Golden;

/// <summary>The number files under tests/golden, read once each; the scripts beside them say how they were made.</summary>
public static class GoldenFile
{
    static readonly JsonSerializerOptions options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    static readonly Lazy<GoldenGradients> gradients = new(() => Read<GoldenGradients>("gradients.json"));
    static readonly Lazy<GoldenLosses> losses = new(() => Read<GoldenLosses>("losses.json"));
    static readonly Lazy<GoldenOptimizers> optimizers = new(() => Read<GoldenOptimizers>("optimizers.json"));
    static readonly Lazy<GoldenNetwork> network = new(() => Read<GoldenNetwork>("network.json"));
    static readonly Lazy<GoldenFineTuning> fineTuning = new(() => Read<GoldenFineTuning>("finetuning.json"));

    static readonly Lazy<GoldenImported> blocks = new(() => Read<GoldenImported>("blocks.json"));
    static readonly Lazy<GoldenImported> imported = new(() => Read<GoldenImported>("imported.json"));

    public static TheoryData<string> ImportedNames() => [.. imported.Value.Networks.Select(network => network.Network)];
    public static TheoryData<string> BlockNames() => [.. blocks.Value.Networks.Select(network => network.Network)];
    public static ImportedCase Block(string name) => blocks.Value.Networks.Single(network => network.Network == name);
    public static string PathOf(string file) => Path.Combine(Folder(), file);
    public static string BlockFile(string name) => PathOf(Path.Combine("blocks", name + ".onnx"));
    public static ImportedCase Imported(string name) => imported.Value.Networks.Single(network => network.Network == name);
    public static GoldenFineTuning FineTuning => fineTuning.Value;
    public static GoldenNetwork Network => network.Value;
    public static GoldenOptimizers Optimizers => optimizers.Value;

    public static TheoryData<string> GradientNames() => [.. gradients.Value.Cases.Select(@case => @case.Name)];
    public static TheoryData<string> LossNames() => [.. losses.Value.Cases.Select(@case => @case.Name)];
    public static TheoryData<string> TrajectoryNames() => [.. optimizers.Value.Trajectories.Select(trajectory => trajectory.Name)];
    public static TheoryData<string> FineTuningNames() => [.. fineTuning.Value.Cases.Select(@case => @case.Name)];

    public static IReadOnlyList<GradientCase> Gradients => gradients.Value.Cases;
    public static GradientCase Gradient(string name) => gradients.Value.Cases.Single(@case => @case.Name == name);
    public static LossCase Loss(string name) => losses.Value.Cases.Single(@case => @case.Name == name);
    public static Trajectory Trajectory(string name) => optimizers.Value.Trajectories.Single(trajectory => trajectory.Name == name);

    public static T Read<T>(string file) =>
        JsonSerializer.Deserialize<T>(File.ReadAllText(Path.Combine(Folder(), file)), options)
        ?? throw new InvalidDataException($"{file}: holds null, needs an object.");

    static string Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "MlPipelines.sln")))
                return Path.Combine(folder.FullName, "tests", "golden");
        throw new DirectoryNotFoundException(
            $"{AppContext.BaseDirectory}: no MlPipelines.sln in it or above. Run the tests from within the repository.");
    }
}
