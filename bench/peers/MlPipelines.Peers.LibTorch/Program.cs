// Images per second of libtorch, through TorchSharp, on the CPU: one JSON line a memory layout, in the manner of ../torch_bench.py.
// dotnet bin/Release/net10.0/MlPipelines.Peers.LibTorch.dll --network keras_cifar10|s4_mnist|mobilenet_v2|resnet18 --mode train|infer
// [--batch 128] [--seconds 5] [--threads 2]
using System.Diagnostics;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Network = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

const int Windows = 10, Batches = 8;
var given = args.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);
string Text(string name, string otherwise) => given.GetValueOrDefault(name, otherwise);
var (name, mode) = (Text("--network", "keras_cifar10"), Text("--mode", "train"));
var (batch, seconds, threads) =
    (int.Parse(Text("--batch", "128")), double.Parse(Text("--seconds", "5")), int.Parse(Text("--threads", "2")));
set_num_threads(threads);

foreach (var layout in new[] { "nchw", "channels_last" })
{
    var (network, shape, weights, optimizer) = Peer(name);
    using var owned = network;
    var found = network.parameters().Sum(parameter => parameter.numel());
    if (found != weights)
        throw new InvalidDataException($"{name}: {found} weights, expected {weights}.");
    (Tensor Images, Tensor Labels)[] batches =
        [.. Enumerable.Range(0, Batches).Select(_ => (rand([batch, .. shape]), randint(10, [batch])))];
    if (layout == "channels_last")
    {
        using var none = no_grad();
        foreach (var parameter in network.parameters().Where(parameter => parameter.shape.Length == 4))
            parameter.set_(ChannelsLast(parameter.detach()));
        batches = [.. batches.Select(each => (ChannelsLast(each.Images), each.Labels))];
    }
    Measure(layout, mode == "train" ? Training(network, optimizer(network.parameters()), batches) : Inference(network, batches));
}

Action Training(Network network, optim.Optimizer optimizer, (Tensor Images, Tensor Labels)[] batches)
{
    var (loss, step) = (CrossEntropyLoss(), 0);
    network.train();
    return () =>
    {
        using var scope = NewDisposeScope();
        var (images, labels) = batches[step++ % Batches];
        optimizer.zero_grad();
        loss.call(network.call(images), labels).backward();
        optimizer.step();
    };
}

Action Inference(Network network, (Tensor Images, Tensor Labels)[] batches)
{
    var step = 0;
    network.eval();
    return () =>
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        network.call(batches[step++ % Batches].Images);
    };
}

void Measure(string layout, Action step)
{
    for (var warming = Stopwatch.StartNew(); warming.Elapsed.TotalSeconds < seconds / 5;)
        step();
    var rates = new List<double>();
    for (var window = 0; window < Windows; window++)
    {
        var (clock, steps) = (Stopwatch.StartNew(), 0);
        do
        {
            step();
            steps++;
        }
        while (clock.Elapsed.TotalSeconds < seconds / Windows);
        rates.Add(steps * batch / clock.Elapsed.TotalSeconds);
    }
    rates.Sort();
    Console.WriteLine(JsonSerializer.Serialize(new { peer = $"libtorch {__version__}", network = name, mode, batch, threads,
        variant = layout, median = Math.Round((rates[4] + rates[5]) / 2, 1), best = Math.Round(rates[^1], 1), windows = Windows }));
}

static Tensor ChannelsLast(Tensor tensor) => tensor.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

static (Network Network, long[] Shape, long Weights, Func<IEnumerable<TorchSharp.Modules.Parameter>, optim.Optimizer> Optimizer) Peer(
    string name) => name switch
{
    "keras_cifar10" => (Sequential(
        Conv2d(3, 32, 3, padding: 1), ReLU(), Conv2d(32, 32, 3), ReLU(), MaxPool2d(2), Dropout(0.25),
        Conv2d(32, 64, 3, padding: 1), ReLU(), Conv2d(64, 64, 3), ReLU(), MaxPool2d(2), Dropout(0.25),
        Flatten(), Linear(2304, 512), ReLU(), Dropout(0.5), Linear(512, 10)), [3, 32, 32], 1_250_858,
        weights => optim.RMSProp(weights, 1e-4, alpha: 0.9, eps: 1e-7)),
    "s4_mnist" => (Sequential(
        Conv2d(1, 16, 3, padding: 1), ReLU(), MaxPool2d(2), Conv2d(16, 32, 3, padding: 1), ReLU(), MaxPool2d(2),
        Flatten(), Linear(1568, 128), ReLU(), Linear(128, 128), ReLU(), Linear(128, 10)), [1, 28, 28], 223_434,
        weights => optim.Adam(weights, 1e-3, eps: 1e-7)),
    "mobilenet_v2" =>
    (torchvision.models.mobilenet_v2(num_classes: 10), [3, 224, 224], 2_236_682, weights => optim.SGD(weights, 1e-3, momentum: 0.9)),
    "resnet18" =>
    (torchvision.models.resnet18(num_classes: 10), [3, 224, 224], 11_181_642, weights => optim.SGD(weights, 1e-3, momentum: 0.9)),
    _ => throw new ArgumentException($"--network: got '{name}', needs keras_cifar10, s4_mnist, mobilenet_v2 or resnet18."),
};
