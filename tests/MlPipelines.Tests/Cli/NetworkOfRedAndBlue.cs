using MlPipelines.Cli;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Imaging;
using MlPipelines.Networks;
using MlPipelines.Tests.Evaluation;

namespace MlPipelines.Tests.Cli;

/// <summary>A small network in a file, twenty pictures each of red and of blue, and the command line on them.</summary>
public abstract class NetworkOfRedAndBlue : IDisposable
{
    private protected TemporaryFolder Folder { get; } = new();

    protected NetworkOfRedAndBlue()
    {
        OnnxFile.Save(new Sequential(new Input(16, 16, 3), new Conv2D(6, 3, activation: Activation.Relu),
            new Conv2D(8, 3, activation: Activation.Relu), new GlobalAveragePooling2D(), new Dense(7)).Build().Initialize(3), Network);
        Pictures("red", 200, 20);
        Pictures("blue", 20, 200);
    }

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected void AssertRefused(string what, string network, string said)
    {
        var (exit, _, error) = Train("--network", network);
        Assert.Equal((what, 1), (what, exit));
        Assert.StartsWith($"mlpipe: {network}: ", error, StringComparison.Ordinal);
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    private protected string Network => Folder.File("network.onnx");

    private protected static float[] Kernel(string path, int place = 0) => OnnxFile.Read(path).Graph is var graph
        ? [.. graph.Nodes.Where(node => node.Operator.Type == "Conv").ElementAt(place).Input(1) is var kernel
            ? (kernel.Known ?? kernel.Initializer!.Content!).Elements<float>() : []] : [];

    private protected (int Exit, string Output, string Error) Train(params string[] arguments) =>
        Run(["train", Folder.File("data"), "--output", Folder.File("runs"), .. arguments]);

    private protected static (int Exit, string Output, string Error) Run(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        return (CommandLine.Run(arguments, output, error, TestContext.Current.CancellationToken), output.ToString(), error.ToString());
    }

    private protected void Pictures(string label, byte red, byte blue)
    {
        Directory.CreateDirectory(Folder.File($"data/{label}"));
        for (var number = 0; number < 20; number++)
            Image.FromPixels(16, 16, 3,
                [.. Enumerable.Range(0, 256).SelectMany(pixel => new[] { red, (byte)(3 * number + pixel % 16), blue })])
                .Save(Folder.File($"data/{label}/{number}.png"));
    }
}
