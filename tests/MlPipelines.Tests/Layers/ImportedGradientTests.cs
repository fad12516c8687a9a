using MlPipelines.Autodiff;
using MlPipelines.Execution;
using MlPipelines.Execution.Kernels;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Networks;
using MlPipelines.Tensors;
using MlPipelines.Tests.Golden;
using MlPipelines.Tests.Graphs.Onnx;

namespace MlPipelines.Tests.Layers;

/// <summary>Real imported networks against PyTorch in float64: logits, and gradients with respect to every weight.</summary>
[Trait("Category", "Runtime")]
public class ImportedGradientTests
{
    public static TheoryData<string> Names => GoldenFile.ImportedNames();

    public static TheoryData<string> MadeNames => [.. Made()];

    [Theory, MemberData(nameof(Names))]
    public void Gradients_of_all_weights_are_PyTorchs_by_kernels_and_by_plain_operators(string name)
    {
        var golden = GoldenFile.Imported(name);
        AssertGradients(golden, ImportedNetworks.Path(golden.Network, golden.Sha256), 1e-4, 1e-3);
    }

    [Theory, MemberData(nameof(GoldenFile.BlockNames), MemberType = typeof(GoldenFile))]
    public void Gradients_of_what_networks_are_made_of_are_PyTorchs(string name) =>
    AssertGradients(GoldenFile.Block(name), GoldenFile.BlockFile(name), 2e-5, 1e-4);

    [Theory, MemberData(nameof(GoldenFile.BlockNames), MemberType = typeof(GoldenFile))]
    public void A_block_is_found_its_features_and_trains(string name)
    {
        var losses = Losses(Network.FromOnnx(GoldenFile.BlockFile(name)), name, (12, 20), 40, 0.003f);
        Assert.InRange(losses[^1] / losses[0], 0, 0.5f);
    }

    static List<float> Losses(GraphNetwork network, string name, (int Height, int Width) size, int steps, float rate)
    {
        var inspection = network.Inspect();
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: cut at {inspection.ProposedCut} {inspection.Features}");
        Assert.NotNull(inspection.ProposedCut);
        using var learner = new Learner(network.WithClassifier(new Dense(2)).Build(size.Height, size.Width, 3).Initialize(1),
            new Adam(rate), new(), new());
        var step = learner.StepOf(2);
        var images = step.Image.Elements<float>();
        for (var i = 0; i < images.Length; i++)
            images[i] = MathF.Sin(0.37f * i) + (i < images.Length / 2 ? 0.5f : -0.5f);
        foreach (var (mask, _) in step.Masks)
            mask.Elements<float>().Fill(1);
        (step.Target.Elements<float>()[0], step.Target.Elements<float>()[3]) = (1, 1);
        var losses = new List<float>();
        for (var run = 0; run < steps; run++)
        {
            learner.Run(step, rate);
            losses.Add(step.Loss);
        }
        Assert.True(learner.IsFinite);
        return losses;
    }

    // In float32 an activation near its kink falls on the other side than in float64, and a network of a hundred layers spreads that.
    [Theory, MemberData(nameof(MadeNames))]
    public void Gradients_of_torchvisions_networks_are_PyTorchs(string name)
    {
        Assert.SkipWhen(name == None, "Set MLPIPELINES_NETWORKS to the folder that tests/golden/torchvision_networks.py wrote.");
        var golden = GoldenFile.Read<ImportedCase>(Path.Combine(Folder!, name + ".json"));
        var path = Path.Combine(Folder!, name + ".onnx");
        AssertGradients(golden, path, 1e-3, 1e-2);
        var losses = Losses(Network.FromOnnx(path), name, (golden.Size, golden.Size), 3, 1e-6f);
        Assert.True(losses[2] < losses[0], $"losses {string.Join(", ", losses)}");
    }

    const string None = "none";

    static string? Folder => Environment.GetEnvironmentVariable("MLPIPELINES_NETWORKS") is { Length: > 0 } folder ? folder : null;

    static IEnumerable<string> Made() =>
        Folder is null ? [None]
        : Directory.EnumerateFiles(Folder, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal);

    static void AssertGradients(ImportedCase golden, string path, double ofNorm, double ofElements)
    {
        var (graph, weights) = Differentiated(golden, path);
        Assert.Equal(golden.Weights.Select(weight => weight.Name).Order(StringComparer.Ordinal), weights.Order(StringComparer.Ordinal));
        using var kernels = Lowering.SessionOf(graph, new());
        using var plain = new Session(OnnxFile.Write(Expansions.Expand(graph)));
        foreach (var session in new[] { kernels, plain })
        {
            var outputs = session.Run(new Dictionary<string, Tensor> { [Network.InputName] = Images(golden) });
            var results = session.Outputs.Zip(outputs)
                .ToDictionary(pair => pair.First.Name, pair => pair.Second.Elements<float>().ToArray());
            AssertNear(golden.Loss, results["loss"][0], ofNorm * (1 + Math.Abs(golden.Loss)), "loss");
            for (var i = 0; i < golden.Logits.Length; i++)
                AssertNear(golden.Logits[i], results["logits"][i], ofNorm * (1 + Math.Abs(golden.Logits[i])), $"logit {i}");
            var worst = golden.Weights.MaxBy(weight => NormError(weight, results[Of(weight.Name)]))!;
            TestContext.Current.TestOutputHelper?.WriteLine($"{golden.Network}: norms of {weights.Length} gradients differ by at "
                + $"most {NormError(worst, results[Of(worst.Name)]):0.0e+0} of themselves, at {worst.Name}");
            foreach (var weight in golden.Weights)
                AssertGradient(weight, results[Of(weight.Name)], ofNorm, ofElements);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Logits_survive_export_and_import(string name)
    {
        var golden = GoldenFile.Imported(name);
        using var folder = new Folder();
        var path = Path.Combine(folder.Path, "again.onnx");
        var first = Network.FromOnnx(ImportedNetworks.Path(name, golden.Sha256)).Build(golden.Size, golden.Size, 3);
        OnnxFile.Save(first, path);
        var second = Network.FromOnnx(path).Build(golden.Size, golden.Size, 3);
        using var one = new Session(OnnxFile.Write(first));
        using var two = new Session(OnnxFile.Write(second));
        var inputs = new Dictionary<string, Tensor> { [Network.InputName] = Images(golden) };
        var (expected, found) = (one.Run(inputs)[0].Elements<float>().ToArray(), two.Run(inputs)[0].Elements<float>().ToArray());
        for (var i = 0; i < expected.Length; i++)
            AssertNear(expected[i], found[i], 1e-4, $"output {i}");
    }

    static string Of(string weight) => $"gradient of {weight}";

    static (Graph Graph, string[] Weights) Differentiated(ImportedCase golden, string path)
    {
        var network = Network.FromOnnx(path).Build(golden.Size, golden.Size, 3).WithBatch(golden.Batch);
        var output = network[Network.OutputName];
        var logits = Op.Reshape(output.Node is { Operator.Type: "Softmax" } softmax ? softmax.Input(0) : output, -1);
        var covector =
            Value.Constant(Tensor.Vector<float>([.. Enumerable.Range(0, (int)logits.Shape.Length).Select(i => (float)Math.Sin(1 + i))]));
        var loss = Op.ReduceSum(logits * covector, [0]);
        Value[] weights = [.. network.Parameters.Where(parameter => parameter.IsTrainable)];
        var gradients = Gradients.Of(loss, weights);
        return (new Graph(network.Inputs,
            [("loss", loss), ("logits", logits), .. weights.Zip(gradients, (weight, gradient) => (Of(network.NameOf(weight)), gradient))]),
            [.. weights.Select(network.NameOf)]);
    }

    static Tensor Images(ImportedCase golden)
    {
        var shape = Shape.Create([golden.Batch, 3, golden.Size, golden.Size]);
        return Tensor.Of<float>(shape,
            [.. Enumerable.Range(0, (int)shape.Length).Select(i => (float)(Math.Sin(0.37 * i) + 0.5 * Math.Cos(0.011 * i)))]);
    }

    // Relu and Clip switch where rounding moves a number over their kink, so that single elements stray more than the norm.
    static void AssertGradient(WeightGradient expected, float[] found, double ofNorm, double ofElements)
    {
        Assert.Equal(expected.Shape.Aggregate(1, (product, size) => product * size), found.Length);
        var norm = Math.Sqrt(found.Sum(number => (double)number * number));
        AssertNear(expected.Norm, norm, ofNorm * expected.Norm + 1e-6, $"norm of {expected.Name}");
        var typical = expected.Norm / Math.Sqrt(found.Length);
        foreach (var (place, element) in expected.Samples.Select(pair => ((int)pair[0], pair[1])))
            AssertNear(element, found[place], ofElements * Math.Max(typical, Math.Abs(element)) + 1e-6,
                $"element {place} of {expected.Name}");
    }

    static double NormError(WeightGradient expected, float[] found) =>
        Math.Abs(Math.Sqrt(found.Sum(number => (double)number * number)) - expected.Norm) / Math.Max(expected.Norm, 1e-9);

    static void AssertNear(double expected, double found, double tolerance, string what) =>
        Assert.True(Math.Abs(expected - found) <= tolerance, $"{what}: {expected} in PyTorch, {found} here");
}
