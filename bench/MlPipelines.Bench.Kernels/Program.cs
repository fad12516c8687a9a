using System.Diagnostics;
using MlPipelines.Bench.Kernels;
using MlPipelines.Execution.Kernels;

var threads = args.Length > 0 ? int.Parse(args[0]) : Environment.ProcessorCount;
var only = args.Length > 1 ? args[1] : "";
var part = args.Length > 3 ? args[3] : "";
var batch = args.Length > 2 ? int.Parse(args[2]) : 128;
using var crew = new Crew(threads);
(string Name, ConvShape Shape)[] layers =
[
    ("cifar conv1", Same(batch, 3, 32, 32)),
    ("cifar conv2", Valid(batch, 32, 32, 32)),
    ("cifar conv3", Same(batch, 32, 15, 64)),
    ("cifar conv4", Valid(batch, 64, 15, 64)),
    ("mnist conv1", Same(batch, 1, 28, 16)),
    ("mnist conv2", Same(batch, 16, 14, 32)),
    ("resnet 56", Same(batch / 8, 64, 56, 64)),
    ("resnet 28", Same(batch / 8, 128, 28, 128)),
    ("resnet 28/2", new(batch / 8, 64, new(56, 56), 128, 1, Square(3, 2, 1))),
    ("resnet 14", Same(batch / 8, 256, 14, 256)),
    ("resnet 7", Same(batch / 8, 512, 7, 512)),
    ("resnet stem", new(batch / 8, 3, new(224, 224), 64, 1, Square(7, 2, 3))),
    ("pointwise 112", new(batch / 8, 16, new(112, 112), 96, 1, Square(1, 1, 0))),
    ("pointwise 7", new(batch / 8, 320, new(7, 7), 1280, 1, Square(1, 1, 0))),
    ("pointwise back 14", new(batch / 8, 576, new(14, 14), 96, 1, Square(1, 1, 0))),
    ("pointwise 56", new(batch / 8, 24, new(56, 56), 144, 1, Square(1, 1, 0))),
    ("depthwise 56", new(batch / 8, 144, new(56, 56), 144, 144, Square(3, 1, 1))),
    ("depthwise 56/2", new(batch / 8, 144, new(56, 56), 144, 144, Square(3, 2, 1))),
];
Console.WriteLine($"{threads} threads");
foreach (var (name, s) in layers)
{
    if (!name.Contains(only))
        continue;
    var (x, y, w) = (Passes.Numbers(s.Batch * s.Channels * s.Plane), Passes.Numbers(s.Batch * s.Filters * s.OutPlane),
        Passes.Numbers(s.Filters * s.GroupChannels * s.Window.Taps));
    var operations = 2.0 * y.Length * s.GroupChannels * s.Window.Taps;
    foreach (var domain in part is "" or "node" ? new[] { "", "mlpipelines" } : [])
    {
        using var node = new Node(s, domain, threads);
        Report(name + (domain == "" ? " node of ONNX Runtime" : " node of ours"), operations, node.Run);
    }
    var (buffers, wide) = (new ConvBuffers(s.Batch, x, w, new(default, true), y), WideRegisters.AreSupported);
    Report(name + " forward", operations, () => Convolution.Run(s, buffers, crew.Run, wide));
    Report(name + " input gradient", operations, () => ConvInputGradient.Run(s, y, w, x, crew.Run, wide));
    Report(name + " weight gradient", operations, () => ConvWeightGradient.Run(s, x, y, w, crew.Run, wide));
}

foreach (var (name, floats, run) in Passes.All(batch, crew.Run))
    if (name.Contains(only))
        Console.WriteLine($"{name,-40} {Best(run) * 1e3,8:F3} ms {floats * 4e-9 / Best(run),6:F1} GB/s");

double Best(Action run)
{
    var best = double.MaxValue;
    for (var clock = Stopwatch.StartNew(); clock.Elapsed.TotalSeconds < .5;)
        best = Math.Min(best, Seconds(run));
    return best;
}

void Report(string name, double operations, Action run)
{
    var (best, peak) = (double.MaxValue, double.MaxValue);
    for (var clock = Stopwatch.StartNew(); clock.Elapsed.TotalSeconds < 1.2 && name.Contains(part);)
    {
        best = Math.Min(best, Seconds(run));
        peak = Math.Min(peak, Seconds(() => crew.Run(threads, Peak.Run)));
    }
    if (best < double.MaxValue)
        Console.WriteLine(
            $"{name,-32} {best * 1e3,8:F3} ms {operations / best / 1e9,7:F0} GFLOP/s "
                + $"{100 * operations / best / (threads * Peak.Operations / peak),4:F0} % of {threads * Peak.Operations / peak / 1e9:F0}");
}

// Of one thread the processor's time is taken, which other programs disturb less.
double Seconds(Action run)
{
    var (from, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
    run();
    return threads == 1 ? (Environment.CpuUsage.TotalTime - used).TotalSeconds : Stopwatch.GetElapsedTime(from).TotalSeconds;
}

static Window Square(int kernel, int stride, int pad) => new(new(kernel, stride, 1, pad, pad), new(kernel, stride, 1, pad, pad));
static ConvShape Same(int batch, int channels, int size, int filters) => Padded(batch, channels, size, filters, 1);
static ConvShape Valid(int batch, int channels, int size, int filters) => Padded(batch, channels, size, filters, 0);
static ConvShape Padded(int batch, int channels, int size, int filters, int pad) =>
    new(batch, channels, new(size, size), filters, 1, Square(3, 1, pad));
