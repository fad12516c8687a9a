using MlPipelines.Graphs.Onnx;

namespace MlPipelines.Tests.Training;

/// <summary>Biases that have a learning rate of their own.</summary>
public sealed class BiasRateTests
{
    // All weights of the network after one step, by name.
    static Dictionary<string, float[]> Trained(float factor, Optimizer optimizer, DepthRates? depth = null)
    {
        var ml = new MLContext(2);
        using var model = Patterns.Fit(ml, Patterns.View(ml, Patterns.Stripes(16)), new()
        {
            Network = Patterns.Elaborate(),
            Optimizer = optimizer,
            BiasRateFactor = factor,
            DepthRates = depth,
            Epoch = 1,
            StepsPerEpoch = 1,
            BatchSize = 16,
            ValidationSetFraction = 0,
            EarlyStoppingCriteria = null,
        });
        var graph = OnnxFile.Read(model.Onnx).Graph;
        return graph.Parameters.ToDictionary(graph.NameOf, one => one.Initializer!.Content!.Elements<float>().ToArray());
    }

    public static TheoryData<Optimizer, DepthRates?> Kinds => new()
    {
        { new Sgd(0.05f, 0.9f), null },
        { new Sgd(0.05f), new LayerwiseDecay(0.5f) },
        { new Adam(0.01f), null },
        { new RMSprop(0.01f), null },
    };

    [Theory, MemberData(nameof(Kinds), DisableDiscoveryEnumeration = true)]
    public void Only_biases_go_further_and_by_the_factor(Optimizer optimizer, DepthRates? depth)
    {
        var (still, once, thrice) = (Trained(0, optimizer, depth), Trained(1, optimizer, depth), Trained(3, optimizer, depth));
        var moved = 0;
        foreach (var (name, values) in once.Where(one => one.Value.Length > 0))
            for (var i = 0; i < values.Length; i++)
            {
                var (step, larger) = (values[i] - still[name][i], thrice[name][i] - still[name][i]);
                Assert.Equal(3 * step, larger, 1e-5f);
                moved += Math.Abs(step) > 1e-6f ? 1 : 0;
            }
        Assert.InRange(moved, 2, 40);
    }
}
