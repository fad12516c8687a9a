using System.Text.Json.Nodes;
using Google.Protobuf;
using MlPipelines.Execution;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Networks;
using MlPipelines.Tensors;
using MlPipelines.Tests.Graphs.Onnx;
using static MlPipelines.Tests.Graphs.Onnx.Files;

namespace MlPipelines.Tests.Layers;

[Trait("Category", "Runtime")]
public sealed class PreprocessingTests : IDisposable
{
    readonly Folder folder = new();

    public static TheoryData<string, float[]> Known => new()
    {
        // One pixel with red 200, green 100, blue 50.
        { "None", [200, 100, 50] },
        { "ZeroToOne", [200 / 255f, 100 / 255f, 50 / 255f] },
        { "MinusOneToOne", [200 / 127.5f - 1, 100 / 127.5f - 1, 50 / 127.5f - 1] },
        { "ImageNetTorch", [(200 / 255f - 0.485f) / 0.229f, (100 / 255f - 0.456f) / 0.224f, (50 / 255f - 0.406f) / 0.225f] },
        { "ImageNetCaffe", [50 - 103.939f, 100 - 116.779f, 200 - 123.68f] },
    };

    [Theory, MemberData(nameof(Known))]
    public void A_preset_gives_the_network_what_it_was_trained_on(string preset, float[] expected)
    {
        var found = Through(Preprocessing.Named(preset), 3, 200, 100, 50);
        foreach (var (one, other) in expected.Zip(found))
            Assert.Equal(one, other, 1e-4f * (1 + Math.Abs(one)));
    }

    [Fact]
    public void Grey_images_are_repeated_and_a_fourth_channel_counts_for_nothing()
    {
        Assert.Equal(Through(Preprocessing.ImageNetTorch, 3, 90, 90, 90), Through(Preprocessing.ImageNetTorch, 1, 90));
        Assert.Equal(Through(Preprocessing.ImageNetCaffe, 3, 200, 100, 50), Through(Preprocessing.ImageNetCaffe, 4, 200, 100, 50, 255));
    }

    [Fact]
    public void The_description_names_the_preset()
    {
        static JsonNode Described(Network network) => JsonNode.Parse(network.ToJson())!["preprocessing"]!;
        Assert.Equal("ImageNetCaffe", (string?)Described(Read(Preprocessing.ImageNetCaffe))["preset"]);
        Assert.Equal("Bgr", (string?)Described(Read(Preprocessing.ImageNetCaffe).Freeze())["order"]);
        Assert.Null(Described(Read(new Preprocessing(0.5f)))["preset"]);
        Assert.Equal(0.5f, (float)Described(Read(new Preprocessing(0.5f)))["scale"]!);
    }

    [Fact]
    public void An_unknown_preset_is_refused_with_those_there_are() => Assert.Equal(
        "preset: got 'imagenet', needs one of None, ZeroToOne, MinusOneToOne, ImageNetTorch, ImageNetCaffe. (Parameter 'preset')",
        Assert.Throws<ArgumentException>(() => Preprocessing.Named("imagenet")).Message);

    GraphNetwork Read(Preprocessing preprocessing)
    {
        var path = Path.Combine(folder.Path, "m.onnx");
        File.WriteAllBytes(path,
            Model(13, [1, 3, 1, 1], ["y"], Node("Conv", ["x", "w"], ["y"])).With(Numbers("w", [3, 3, 1, 1], 1, 0, 0, 0, 1, 0, 0, 0, 1))
            .ToByteArray());
        return Network.FromOnnx(path, preprocessing);
    }

    float[] Through(Preprocessing preprocessing, int channels, params float[] pixel)
    {
        using var session = new Session(OnnxFile.Write(Read(preprocessing).Build(1, 1, channels)));
        return session.Run(new Dictionary<string, Tensor> { [Network.InputName] = Tensor.Of<float>([1, channels, 1, 1], pixel) })[0]
            .Elements<float>().ToArray();
    }

    public void Dispose() => folder.Dispose();
}
