using MlPipelines.Graphs.Onnx;
using MlPipelines.Networks;
using MlPipelines.Tests.Data;
using MlPipelines.Tests.Data.Sources;

namespace MlPipelines.Tests.Transforms.Models;

public sealed class PretrainedModelTests : IDisposable
{
    static readonly byte[] network =
        OnnxFile.Write(new Sequential(new Conv2D(4, 3), new GlobalAveragePooling2D(), new Dense(5)).Build(8, 8, 3).Initialize(3));

    readonly TemporaryFolder folder = new();
    readonly List<string> warnings = [];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Sizes_and_sums_are_those_of_the_zoos_own_manifest()
    {
        var published = Repository.Read("tests/golden/models.tsv").ReplaceLineEndings("\n")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split('\t')).ToDictionary(cells => cells[0]);
        Assert.True(PretrainedModel.All.Length >= 20);
        Assert.All(PretrainedModel.All,
            model => Assert.Equal([model.Published.Name, $"{model.Published.Bytes}", model.Published.Sha256],
                published[model.Published.Name]));
    }

    [Fact]
    public void Names_are_unique_and_addresses_secure()
    {
        Assert.Equal(PretrainedModel.All.Length,
            PretrainedModel.All.Select(model => model.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(PretrainedModel.All, model => Assert.All(model.Addresses, address => Assert.Equal("https", address.Scheme)));
        Assert.Equal("https://huggingface.co/onnxmodelzoo/mobilenetv2-7/resolve/main/",
            PretrainedModel.Find("mobilenetv2").Addresses[0].AbsoluteUri);
    }

    [Theory]
    [InlineData("resnet50-v2")]
    [InlineData("ResNet50-V2-7")]
    [InlineData("resnet50-v2-7.onnx")]
    public void A_model_is_found_by_its_name_and_by_its_files(string name) =>
    Assert.Equal("ResNet-50 v2", PretrainedModel.Find(name).Title);

    [Fact]
    public void A_name_that_is_unknown_is_said_with_those_there_are() =>
        Assert.StartsWith("Model 'resnet' is not known; there are resnet18-v1, resnet34-v1,",
            Assert.Throws<ArgumentException>(() => PretrainedModel.Find("resnet")).Message, StringComparison.Ordinal);

    [Fact]
    public void DenseNet_takes_blue_green_red_less_the_mean_times_0_017()
    {
        var preprocessing = PretrainedModel.Find("densenet121").Preprocessing!;
        Assert.Equal(ColourOrder.Bgr, preprocessing.Order);
        Assert.Equal((200 - 103.94f) * 0.017f, 200 * preprocessing.Scale - preprocessing.Means[0], 1e-5f);
        Assert.Empty(preprocessing.Deviations);
    }

    [Fact]
    public void A_file_is_there_when_it_has_its_size()
    {
        Assert.Null(PretrainedModel.InstalledPath("mobilenetv2", folder.Path));
        folder.Write("tiny.onnx", network[..^1]);
        Assert.Null(Tiny().InstalledIn(folder.Path));
        folder.Write("tiny.onnx", network);
        Assert.Equal(Target, Tiny().InstalledIn(folder.Path));
    }

    [Fact]
    public void A_file_is_recognized_wherever_it_lies()
    {
        Assert.True(Tiny().IsIn(folder.Write("elsewhere/other.onnx", network)));
        var changed = network.ToArray();
        changed[^1]++;
        Assert.False(Tiny().IsIn(folder.Write("changed.onnx", changed)));
    }

    [Fact]
    public void One_that_was_not_fetched_says_how_it_is() => Assert.Equal(
        $"tiny: tiny.onnx (0 MB) is not in {folder.Path}. Fetch it with 'mlpipe models get tiny' and --output, or name a file of your own.",
        Assert.Throws<FileNotFoundException>(() => Tiny().Load(folder.Path)).Message);

    [Fact]
    public void It_is_loaded_with_the_preprocessing_of_its_publishers_or_ones_own()
    {
        folder.Write("tiny.onnx", network);
        Assert.Equal(Preprocessing.ImageNetCaffe, Tiny().Load(folder.Path).Preprocessing);
        Assert.Equal(Preprocessing.None, Tiny().Load(folder.Path, Preprocessing.None).Preprocessing);
        Assert.StartsWith("tiny: what it wants done with pixels is not published",
            Assert.Throws<ArgumentException>(() => Tiny(known: false).Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_fetched_once_and_then_only_checked()
    {
        using var server = new LyingServer(Honest);
        Assert.Equal(Target, Get(server));
        Assert.Equal(network, File.ReadAllBytes(Target));
        Assert.Equal(Target, Get(server));
        Assert.Equal("tiny.onnx", Assert.Single(server.Requests).Path);
        Assert.Empty(warnings);
    }

    [Fact]
    public void What_was_cut_goes_on_in_the_next_run()
    {
        using (var server = new LyingServer(asked => Cut(Honest(asked), 300)))
            Assert.Contains("Run it again to go on", Assert.Throws<DownloadException>(() => Get(server, attempts: 1)).Message,
                StringComparison.Ordinal);
        Assert.Null(Tiny().InstalledIn(folder.Path));
        using var better = new LyingServer(Honest);
        Get(better);
        Assert.Equal(300, Assert.Single(better.Requests).From);
        Assert.Equal(network, File.ReadAllBytes(Target));
    }

    [Fact]
    public void A_server_that_lies_is_not_believed()
    {
        using var server = new LyingServer(_ => new("200 OK", new byte[network.Length]));
        Assert.Contains("tiny.onnx as published has", Assert.Throws<DownloadException>(() => Get(server)).Message,
            StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_server_that_stalls_is_asked_again_with_a_warning()
    {
        using var server = new LyingServer(asked =>
            asked.From is null ? new("200 OK", network, Honest(asked).Headers) { Sent = 400, Stalls = true } : Honest(asked));
        Get(server, stall: 0.2);
        Assert.Equal([null, 400], server.Requests.Select(asked => asked.From));
        Assert.Contains("sent nothing for 0.2 s", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_mirror_has_a_folder_for_each_model()
    {
        using var server =
            new LyingServer(asked => Honest(asked with { Path = asked.Path.Replace("tiny/", "", StringComparison.Ordinal) }));
        new MLContext(1).Model.Download(Tiny(), folder.Path, new() { Mirror = server.Address }, TestContext.Current.CancellationToken);
        Assert.Equal("tiny/tiny.onnx", Assert.Single(server.Requests).Path);
    }

    [Fact]
    public void The_next_address_is_asked_when_one_fails()
    {
        using var poor = new LyingServer(_ => new("410 Gone"));
        using var server = new LyingServer(Honest);
        new MLContext(1).Model.Download(Tiny(addresses: [poor.Address, server.Address]), folder.Path, new() { PauseSeconds = 0 },
            TestContext.Current.CancellationToken);
        Assert.Equal(network, File.ReadAllBytes(Target));
    }

    [Fact]
    public void Another_file_of_that_name_is_named_and_kept()
    {
        folder.Write("tiny.onnx", 1, 2, 3);
        using var server = new LyingServer(Honest);
        Assert.StartsWith($"{Target}: is not tiny.onnx as published", Assert.Throws<InvalidDataException>(() => Get(server)).Message,
            StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(Target));
    }

    internal static PretrainedModel Tiny(bool known = true, params Uri[] addresses) => new("tiny", "Tiny network",
        new("tiny.onnx", network.Length, Packing.Sha256(network)),
        addresses.Length > 0 ? [.. addresses] : [new("http://127.0.0.1:9/")], "MIT")
    {
        Takes = new Input(8, 8, 3),
        Classes = 5,
        Preprocessing = known ? Preprocessing.ImageNetCaffe : null,
        Top1Accuracy = known ? 0.25 : null,
    };

    internal static Answer Honest(Asked asked) => LyingServer.Honest(asked, new Dictionary<string, byte[]> { ["tiny.onnx"] = network });

    static Answer Cut(Answer whole, int sent) => new(whole.Status, whole.Body, whole.Headers) { Sent = sent };

    string Target => Path.Combine(folder.Path, "tiny.onnx");

    string Get(LyingServer server, double stall = 20, int attempts = 3)
    {
        var ml = new MLContext(1);
        var heard = ml.Warnings();
        var path = ml.Model.Download(Tiny(), folder.Path,
            new() { From = server.Address, Attempts = attempts, StallSeconds = stall, PauseSeconds = 0 },
            TestContext.Current.CancellationToken);
        warnings.AddRange(heard);
        return path;
    }
}
