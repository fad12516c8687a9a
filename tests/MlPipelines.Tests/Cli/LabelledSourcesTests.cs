using System.Text.Json.Nodes;
using MlPipelines.Cli;
using MlPipelines.Imaging;
using MlPipelines.Tests.Data.Sources;

namespace MlPipelines.Tests.Cli;

[Trait("Category", "Runtime")]
public sealed class LabelledSourcesTests : IDisposable
{
    readonly Data.TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Train_takes_a_zip_and_evaluate_a_table()
    {
        var pictures = Enumerable.Range(0, 10)
            .SelectMany(i => new[] { ($"red/{i}.png", Picture(200, (byte)i, 20)), ($"blue/{i}.png", Picture(20, (byte)i, 200)) }).ToArray();
        var zip = folder.Write("colours.zip", Packing.Zip(pictures));
        var runs = Path.Combine(folder.Path, "runs");
        Assert.Equal((0, ""), Run("train", zip, "--output", runs, "--name", "a", "--size", "16", "--epochs", "1", "--batch", "8"));
        Assert.Equal(10, (int)JsonNode.Parse(File.ReadAllText(Path.Combine(runs, "a", "pipeline.json")))!["classes"]!["red"]!);

        foreach (var (name, content) in pictures[..2])
            folder.Write(name, content);
        var table = folder.Write("list.csv", "path,label\nred/0.png,blue\nblue/0.png,blue\nnone.png,red\n"u8.ToArray());
        var model = Path.Combine(runs, "a", "model.onnx");
        var (exit, error) = Run("evaluate", model, table);
        Assert.Equal(0, exit);
        Assert.Contains("list.csv:4: skipped, 'none.png' is not there", error);
        Assert.Equal((0, ""), Run("predict", model, $"{zip}/red/3.png"));
        Assert.Equal(2, Run("evaluate", model, zip, "--miss", Path.Combine(folder.Path, "colours.zip")).Exit);
    }

    static byte[] Picture(byte red, byte green, byte blue) =>
        Image.FromPixels(16, 16, 3, [.. Enumerable.Repeat(new[] { red, green, blue }, 256).SelectMany(pixel => pixel)]).Encode(".png");

    static (int Exit, string Error) Run(params string[] arguments)
    {
        var error = new StringWriter();
        return (CommandLine.Run(arguments, TextWriter.Null, error, TestContext.Current.CancellationToken), error.ToString());
    }
}
