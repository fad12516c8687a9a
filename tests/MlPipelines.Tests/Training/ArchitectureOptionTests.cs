using MlPipelines.Graphs.Onnx;
using MlPipelines.Networks;
using static MlPipelines.ImageClassificationTrainer;

namespace MlPipelines.Tests.Training;

/// <summary>Arch with tiny networks in the place of the published ones.</summary>
[Trait("Category", "Runtime")]
public sealed class ArchitectureOptionTests
{
    readonly MLContext ml = new(3);

    IDataView Stripes => Patterns.View(ml, Patterns.Stripes(40));

    static Sequential Tiny() =>
        new Sequential(new Input(Patterns.Size, Patterns.Size, 3), new Rescaling(1 / 127.5f, -1),
            new Conv2D(8, 3, Padding.Same, Activation.Relu), new MaxPooling2D(4), new Flatten(), new Dense(1000));

    sealed class Asked
    {
        public string? Name { get; private set; }
        public string? Folder { get; private set; }

        public Sequential Open(string name, string? folder)
        {
            (Name, Folder) = (name, folder);
            return Tiny();
        }
    }

    [Theory]
    [InlineData(Architecture.MobilenetV2, "mobilenetv2")]
    [InlineData(Architecture.ResnetV250, "resnet50-v2")]
    [InlineData(Architecture.ResnetV2101, "resnet101-v2")]
    public void An_architecture_is_a_model_of_the_catalogue(Architecture arch, string name)
    {
        var asked = new Asked();
        var epochs = new List<EpochMetrics>();
        using var model = Patterns.Fit(ml, Stripes,
            new()
            {
                Arch = arch,
                ModelFolder = "somewhere",
                OpenModel = asked.Open,
                Epoch = 15,
                LearningRate = 0.02f,
                EpochCallback = epochs.Add,
            });
        Assert.Equal((name, "somewhere"), (asked.Name, asked.Folder));
        Assert.Equal(["across", "down"], model.Labels);
        Assert.InRange(epochs[^1].Accuracy, 0.9, 1);
    }

    [Fact]
    public void As_in_MLNET_the_network_stays_as_it_is_unless_fine_tuning_is_asked_for()
    {
        var convolution = Kernel(Tiny().Build().Initialize(3));
        using var frozen = Patterns.Fit(ml, Stripes, new() { Arch = Architecture.ResnetV250, OpenModel = new Asked().Open, Epoch = 1 });
        using var tuned = Patterns.Fit(ml, Stripes,
            new()
            {
                Arch = Architecture.ResnetV250,
                OpenModel = new Asked().Open,
                Epoch = 1,
                FineTuning = new(),
                EarlyStoppingCriteria = null,
            });
        using var linear =
            Patterns.Fit(ml, Stripes, new() { Arch = Architecture.ResnetV250, OpenModel = new Asked().Open, Head = new LinearHead() });
        Assert.Equal(convolution, Kernel(OnnxFile.Read(frozen.Onnx).Graph));
        Assert.Equal(convolution, Kernel(OnnxFile.Read(linear.Onnx).Graph));
        Assert.NotEqual(convolution, Kernel(OnnxFile.Read(tuned.Onnx).Graph));
    }

    static float[] Kernel(MlPipelines.Graphs.Graph graph) =>
        graph.Parameters.Concat(graph.Constants).Select(value => value.Known ?? value.Initializer!.Content!)
        .Single(tensor => tensor.Shape.Rank == 4 && tensor.Shape[0] == 8).Elements<float>().ToArray();

    [Fact]
    public void The_file_left_in_the_workspace_bears_its_name()
    {
        using var workspace = new Data.TemporaryFolder();
        Patterns.Fit(ml, Stripes,
            new()
            {
                Arch = Architecture.MobilenetV2,
                OpenModel = new Asked().Open,
                Epoch = 1,
                WorkspacePath = workspace.Path,
                FinalModelPrefix = "custom_retrained_model_based_on_",
            }).Dispose();
        Assert.True(File.Exists(Path.Combine(workspace.Path, "custom_retrained_model_based_on_MobilenetV2.onnx")));
    }

    [Fact]
    public void A_file_that_is_not_there_is_not_fetched()
    {
        using var folder = new Data.TemporaryFolder();
        var error = Assert.ThrowsAny<IOException>(() =>
            Patterns.Fit(ml, Stripes, new() { Arch = Architecture.MobilenetV2, ModelFolder = folder.Path, Packaged = () => null }));
        Assert.Contains("mobilenetv2-7.onnx", error.Message, StringComparison.Ordinal);
        Assert.Contains("mlpipe models get mobilenetv2", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void An_architecture_without_a_public_file_is_refused_with_a_way_out() =>
        Assert.Equal("Arch: got InceptionV3, of which there is no public ONNX file in the catalogue of models, needs one of ResnetV2101, "
            + "MobilenetV2, ResnetV250. Give a file of your own as Network = Network.FromOnnx(\"…\", Preprocessing.MinusOneToOne).",
            Assert.Throws<ArgumentException>(() =>
                Patterns.Fit(ml, Stripes, new() { Arch = Architecture.InceptionV3, Packaged = () => null })).Message);

    [Theory]
    [InlineData(Architecture.MobilenetV2, "mlpipe models get mobilenetv2")]
    [InlineData(Architecture.InceptionV3, "no public ONNX file")]
    public void The_packaged_network_stands_in_for_one_whose_file_is_not_there(Architecture arch, string reason)
    {
        using var folder = new Data.TemporaryFolder();
        var warnings = new List<string>();
        ml.Log += (_, line) =>
        {
            if (line.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                warnings.Add(line.RawMessage);
        };
        using var model = Patterns.Fit(ml, Stripes,
            new()
            {
                Arch = arch,
                ModelFolder = folder.Path,
                Packaged = () => new("Tiny", "A.Package", "tiny.onnx", Imported()),
                Epoch = 2,
            });
        Assert.Contains(warnings, warning => warning.Contains(reason, StringComparison.Ordinal)
            && warning.Contains("Tiny of the package A.Package takes its place", StringComparison.Ordinal));
        Assert.Equal(Kernel(Tiny().Build().Initialize(3)), Kernel(OnnxFile.Read(model.Onnx).Graph));
    }

    static GraphNetwork Imported()
    {
        using var folder = new Data.TemporaryFolder();
        var path = Path.Combine(folder.Path, "tiny.onnx");
        File.WriteAllBytes(path, OnnxFile.Write(Tiny().Build().Initialize(3)));
        return Network.FromOnnx(path);
    }

    [Fact]
    public void An_architecture_beside_a_network_is_refused() =>
        Assert.Equal("Arch: got MobilenetV2 beside a Network, needs one of the two. Leave out the other.",
            Assert.Throws<ArgumentException>(() =>
                Patterns.Fit(ml, Stripes, new() { Arch = Architecture.MobilenetV2, Network = Patterns.Small() })).Message);
}
