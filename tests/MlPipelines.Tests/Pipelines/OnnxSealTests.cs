using MlPipelines.Graphs.Onnx;
using MlPipelines.Tests.Evaluation;
using MlPipelines.Tests.Training;

namespace MlPipelines.Tests.Pipelines;

/// <summary>Bits of a model's file that change after it was written.</summary>
[Trait("Category", "Runtime")]
public sealed class OnnxSealTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void An_onnx_file_whose_bits_have_changed_is_said_to_have()
    {
        var (ml, network) = (new MLContext(1), folder.File("model.onnx"));
        var log = ml.Warnings();
        using (var model = Patterns.Fit(ml, Patterns.View(ml, Patterns.Stripes(8)), new() { Network = Patterns.Small(), Epoch = 1 }))
            ml.Model.SaveAsOnnx(model, network);
        var whole = File.ReadAllBytes(network);
        Load(whole);
        Assert.Empty(log);
        // A weight, of which no reader can tell that it was another.
        var weights = OnnxFile.Read(whole).Graph.Parameters.First(parameter => parameter.IsTrainable).Initializer!.Content!.Bytes;
        var changed = whole.ToArray();
        changed[whole.AsSpan().IndexOf(weights.Span[..16]) + 2] ^= 1;
        Load(changed);
        Assert.StartsWith($"{network}: is not as it was written: bits of it have changed "
            + "since", Assert.Single(log), StringComparison.Ordinal);
        log.Clear();
        changed = whole.ToArray();
        changed[^1] ^= 1;
        Load(changed);
        Assert.Single(log);
        log.Clear();
        // Texts that a program adds on purpose take the seal away.
        Load(OnnxMetadata.With(whole, new Dictionary<string, string> { ["author"] = "me" }));
        Assert.Empty(log);

        void Load(byte[] bytes)
        {
            File.WriteAllBytes(network, bytes);
            (ml.Model.LoadModel(network) as IDisposable)?.Dispose();
        }
    }
}
