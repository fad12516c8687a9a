using System.Text.Json.Nodes;
using MlPipelines.Imaging;

namespace MlPipelines.Tests.Cli;

/// <summary>mlpipe train where no network is named: the packaged one, or a small one from scratch.</summary>
[Trait("Category", "Runtime")]
public sealed class PackagedNetworkTests : NetworkOfRedAndBlue
{
    [Theory]
    [InlineData("--head")]
    [InlineData("--fine-tune")]
    public void What_is_about_a_network_that_has_learnt_is_refused_where_tiny_pictures_are_learnt_from_scratch(string option)
    {
        var (exit, _, error) = Train(option, option == "--head" ? "linear" : "1");
        Assert.Equal(1, exit);
        Assert.Contains($"{option}: is about a network that has learnt already, and these images are learnt from scratch", error,
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(Folder.File("runs")));
    }

    [Fact]
    public void Photographs_are_recognised_by_the_packaged_network_unless_another_is_named()
    {
        foreach (var label in new[] { "red", "blue" })
            foreach (var number in Enumerable.Range(0, 5))
            {
                Directory.CreateDirectory(Folder.File($"photos/{label}"));
                byte[] pixel = label == "red" ? [200, (byte)(9 * number), 20] : [20, (byte)(9 * number), 200];
                Image.FromPixels(80, 64, 3, [.. Enumerable.Repeat(pixel, 80 * 64).SelectMany(each => each)])
                    .Save(Folder.File($"photos/{label}/{number}.png"));
            }
        (int Exit, string Output, string Error) On(string name, params string[] options) =>
            Run(["train", Folder.File("photos"), "--output", Folder.File("runs"), "--name", name, .. options]);
        var (exit, output, _) = On("packaged");
        Assert.Equal(0, exit);
        Assert.Contains("network: ResNet-18, which has learnt ImageNet's photographs, with a new head", output, StringComparison.Ordinal);
        Assert.Contains("8 to learn from, 0 to watch, 2 to test with", output, StringComparison.Ordinal);
        var file = JsonNode.Parse(File.ReadAllText(Folder.File("runs/packaged/pipeline.json")))!;
        Assert.Equal(("resnet18", 0), ((string?)file["network"], file["augmentations"]!.AsArray().Count));
        Assert.Equal(0, On("again", "--pipeline", Folder.File("runs/packaged/pipeline.json")).Exit);
        Assert.Equal(File.ReadAllBytes(Folder.File("runs/packaged/model.onnx")), File.ReadAllBytes(Folder.File("runs/again/model.onnx")));
        Assert.Contains("network: a small one from scratch, for --epochs, which a head on ResNet-18 does not follow",
            On("steps", "--epochs", "1", "--batch", "4").Output, StringComparison.Ordinal);
        Assert.Equal(0, On("packaged", "--resume").Exit);
        Assert.DoesNotContain("ResNet-18", On("scratch", "--from-scratch", "--epochs", "1", "--size", "16").Output,
            StringComparison.Ordinal);
        Assert.Equal(0, On("gone-on", "--from", Folder.File("runs/packaged/model.onnx")).Exit);
    }
}
