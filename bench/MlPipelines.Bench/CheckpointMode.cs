using System.Diagnostics;
using System.Text.Json;
using MlPipelines.Graphs;

/// <summary>Seconds and bytes of a checkpoint: --mode checkpoint --network resnet18|vgg16 [--rounds 5] [--folder FOLDER]; and what it costs
/// that checkpoints know the pictures that were read: --mode files --data FOLDER [--rounds 5] [--size 224].</summary>
/// <remarks>A checkpoint as a training with momentum writes it, without and with its best epoch.</remarks>
static class CheckpointMode
{
    public static void Run(string name, int rounds, string? under)
    {
        var network = name switch
        {
            "resnet18" => Architectures.ResNet18(10),
            "vgg16" => Architectures.Vgg16(10),
            _ => throw new ArgumentException($"--network: got '{name}', needs resnet18 or vgg16."),
        };
        var folder = Path.Combine(under ?? Path.GetTempPath(), $"checkpoint-{Guid.NewGuid():N}");
        try
        {
            Measure(name, network.Build(224, 224, 3).Initialize(1), rounds, folder);
        }
        finally
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }

    static void Measure(string name, Graph graph, int rounds, string folder)
    {
        using var learner = new Learner(graph, new Sgd(1e-3f, 0.9f), new(), new());
        var checkpoints = new CheckpointFolder(folder, "bench", null);
        foreach (var keepsBest in new[] { false, true })
        {
            var best = keepsBest ? new KeptState(learner.Snapshot(), []) : null;
            var seconds = new List<double>();
            for (var round = 0; round < rounds; round++)
            {
                var clock = Stopwatch.StartNew();
                checkpoints.Save(() => new(learner.Position, learner.Snapshot(), [], null, best, null));
                seconds.Add(clock.Elapsed.TotalSeconds);
            }
            seconds.Sort();
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                peer = "mlpipelines",
                mode = "checkpoint",
                network = name,
                keepsBest,
                megabytes = Math.Round(new FileInfo(Path.Combine(folder, "state.bin")).Length / 1e6, 1),
                median = Math.Round(seconds[seconds.Count / 2], 2),
                fastest = Math.Round(seconds[0], 2),
                slowest = Math.Round(seconds[^1], 2),
            }));
        }
    }

    public static void Files(string folder, int rounds, int size)
    {
        string[] paths = [.. Directory.EnumerateFiles(folder, "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        var table = new SampleTable([.. paths.Select((path, place) => new CollectedSample(place, 0, 1, path, path))], 0,
            (sample, _) => Image.FromFile((string)sample.Content).Resize(size, size).Pixels.ToArray(), []);
        var megabytes = paths.Sum(path => new FileInfo(path).Length) / 1e6;
        for (var round = 0; round < rounds; round++)
        {
            var read = new ReadFiles(table);
            var (plain, first, again) = (Seconds(table), Seconds(read.Noting(table)), Seconds(read.Noting(table)));
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                peer = "mlpipelines",
                mode = "files",
                files = paths.Length,
                megabytes = Math.Round(megabytes, 1),
                plain = Math.Round(plain, 2),
                noted = Math.Round(first, 2),
                noted_again = Math.Round(again, 2),
                checkpoint_bytes = read.ToBytes().Length,
            }));
        }
    }

    static double Seconds(SampleTable table)
    {
        var clock = Stopwatch.StartNew();
        foreach (var _ in table.Read(0, new RowReading { Workers = Environment.ProcessorCount, Prefetch = 64 }))
        {
        }
        return clock.Elapsed.TotalSeconds;
    }
}
