using System.Text;
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

    [Fact]
    public async Task A_device_in_a_table_is_passed_over()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no /dev/zero.");
        var rows = Enumerable.Range(0, 16).Select(i =>
            $"{folder.Write($"{i}.png", Picture((byte)(200 * (i % 2)), (byte)(9 * i), 50))},{(i % 2 == 0 ? "dark" : "red")}");
        var table = folder.Write("list.csv", Encoding.UTF8.GetBytes($"path,label\n/dev/zero,red\n{string.Join('\n', rows)}\n"));
        // It never ended, and was deaf.
        var (exit, error) = await Task.Run(() => Run("train", table, "--from-scratch", "--epochs", "1", "--size", "8", "--output",
            Path.Combine(folder.Path, "runs")),
            TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal(0, exit);
        Assert.Contains("skipped /dev/zero: holds nothing (0 bytes)", error, StringComparison.Ordinal);
    }

    static byte[] Picture(byte red, byte green, byte blue) =>
        Image.FromPixels(16, 16, 3, [.. Enumerable.Repeat(new[] { red, green, blue }, 256).SelectMany(pixel => pixel)]).Encode(".png");

    static (int Exit, string Error) Run(params string[] arguments)
    {
        var error = new StringWriter();
        return (CommandLine.Run(arguments, TextWriter.Null, error, TestContext.Current.CancellationToken), error.ToString());
    }
}
