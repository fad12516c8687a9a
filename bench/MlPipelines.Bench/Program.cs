// Images per second of this library, one JSON line a measurement, in the manner of peers/torch_bench.py.
// Other modes are in files of their own: warp, augment, loader, fit, featurise, teach, first, checkpoint, files.
// dotnet run -c Release --project bench/MlPipelines.Bench -- --network keras_cifar10|s4_mnist|mobilenet_v2|resnet18 --mode train|infer
// [--batch 128] [--seconds 5] [--threads 2] [--profile PREFIX]
using System.Diagnostics;
using System.Text.Json;
using MlPipelines.Graphs.Onnx;

var given = args.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);
string Text(string name, string otherwise) => given.GetValueOrDefault(name, otherwise);
var (name, mode) = (Text("--network", "keras_cifar10"), Text("--mode", "train"));
var (batch, seconds, threads) =
    (int.Parse(Text("--batch", "128")), double.Parse(Text("--seconds", "5")), int.Parse(Text("--threads", "2")));

Action? other = mode switch
{
    "warp" => () => WarpMode.Run(int.Parse(Text("--size", "224")), seconds),
    "augment" => () => AugmentMode.Recipe(given["--data"], seconds),
    "loader" => () => AugmentMode.Workers(given["--data"], seconds),
    "fit" => () => FitMode.Run(given["--data"], name, int.Parse(Text("--rounds", "5")), int.Parse(Text("--images", "10000"))),
    "teach" => () => FirstMode.Teach(name, given["--data"], given["--model"]),
    "first" => () => FirstMode.Predict(given["--model"], given["--image"]),
    "featurise" => () => FeaturiseMode.Run(given["--model"], int.Parse(Text("--batch", "32")), int.Parse(Text("--size", "224")), seconds),
    "checkpoint" => () => CheckpointMode.Run(Text("--network", "resnet18"), int.Parse(Text("--rounds", "5")),
        given.GetValueOrDefault("--folder")),
    "files" => () => CheckpointMode.Files(given["--data"], int.Parse(Text("--rounds", "5")), int.Parse(Text("--size", "224"))),
    _ => null,
};
if (other is not null)
{
    other();
    return;
}

var (graph, optimizer) = name switch
{
    "keras_cifar10" => (Architectures.CifarCnn(10).Build(32, 32, 3), (Optimizer)new RMSprop(1e-4f)),
    "s4_mnist" => (Architectures.SmallMnistCnn(10).Build(28, 28, 1), (Optimizer)new Adam()),
    "mobilenet_v2" =>
    (new Sequential([new Rescaling(1 / 255f), .. Architectures.MobileNetV2(10).Layers]).Build(224, 224, 3),
        (Optimizer)new Sgd(1e-3f, 0.9f)),
    "resnet18" =>
    (new Sequential([new Rescaling(1 / 255f), .. Architectures.ResNet18(10).Layers]).Build(224, 224, 3), (Optimizer)new Sgd(1e-3f, 0.9f)),
    _ => throw new ArgumentException($"--network: got '{name}', needs keras_cifar10, s4_mnist, mobilenet_v2 or resnet18."),
};
var options = new SessionSettings { IntraOpThreads = threads, ProfilePrefix = given.GetValueOrDefault("--profile") };
var shape = graph.Inputs[0].Shape.With(0, batch);
var dice = Dice.For(1);
var batches = Enumerable.Range(0, 8).Select(_ =>
{
    var pixels = new float[shape.Length];
    for (var i = 0; i < pixels.Length; i++)
        pixels[i] = (float)dice.Uniform(0, 255);
    return pixels;
}).ToArray();

if (mode == "train")
{
    using var learner = new Learner(graph.Initialize(1), optimizer, new(), options);
    var step = learner.StepOf(batch);
    var labels = Enumerable.Range(0, batch).Select(i => new Sample(batches[0], i % 10, i)).ToArray();
    var steps = 0;
    Measure(() =>
    {
        batches[steps % 8].CopyTo(step.Image.Elements<float>());
        var targets = step.Target.Elements<float>();
        targets.Clear();
        for (var i = 0; i < batch; i++)
            targets[i * 10 + (i + steps) % 10] = 1;
        foreach (var (place, (buffer, rate)) in step.Masks.Index())
            DropoutMasks.Fill(buffer.Elements<float>(), rate, labels, 1, steps, place);
        learner.Run(step, optimizer.LearningRate);
        steps++;
    });
}
else
{
    using var session = new Session(OnnxFile.Write(graph.Initialize(1)), options);
    var inputs = batches.Select(pixels => new Dictionary<string, Tensor> { [session.Inputs[0].Name] = Tensor.Of<float>(shape, pixels) })
        .ToArray();
    var runs = 0;
    Measure(() => session.Run(inputs[runs++ % 8]));
}

void Measure(Action once)
{
    var clock = Stopwatch.StartNew();
    while (clock.Elapsed.TotalSeconds < seconds / 5)
        once();
    var (windows, processor) = (new List<double>(), new List<double>());
    for (var window = 0; window < 10; window++)
    {
        clock.Restart();
        var (count, used) = (0, Environment.CpuUsage.TotalTime);
        for (; clock.Elapsed.TotalSeconds < seconds / 10; count++)
            once();
        windows.Add(count * batch / clock.Elapsed.TotalSeconds);
        processor.Add(count * batch / (Environment.CpuUsage.TotalTime - used).TotalSeconds);
    }
    windows.Sort();
    Console.WriteLine(JsonSerializer.Serialize(new
    {
        peer = "mlpipelines",
        variant = "cpu",
        network = name,
        mode,
        batch,
        threads,
        median = Math.Round((windows[4] + windows[5]) / 2, 1),
        best = Math.Round(windows[^1], 1),
        per_core = Math.Round(processor.Max(), 1)
    }));
}
