// Images per second of reading a labelled folder as training does: decode, resize to 224×224, pad by 28 and crop, flip,
// planes of floats. One JSON line a pass.
// dotnet run -c Release --project bench/MlPipelines.Bench.Loader -- --folder FOLDER [--cache FOLDER]
// [--workers 1] [--epochs 3] [--images N]
// With --cache, which must not exist, the first pass fills the cache and the others read from it; without, each pass decodes.
using System.Diagnostics;
using System.Text.Json;

var given = args.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);
var (workers, epochs, most) = (int.Parse(given.GetValueOrDefault("--workers", "1")), int.Parse(given.GetValueOrDefault("--epochs", "3")),
    int.Parse(given.GetValueOrDefault("--images", "1000000")));
const int size = 224, padding = 28, warmUps = 500, wholeBelow = 800;
var cache = given.GetValueOrDefault("--cache");
if (cache is not null && Directory.Exists(cache))
    throw new ArgumentException($"--cache: {cache} is there already, needs a folder that is not. Delete it, or name another one.");

using (var warm = cache is null ? null : new PixelCache(cache + "-warm"))
    Read(warm, warmUps, 3);
if (cache is not null)
    Directory.Delete(cache + "-warm", recursive: true);
using var kept = cache is null ? null : new PixelCache(cache);
Read(kept, most, epochs, (epoch, rates, processor, collections) => Console.WriteLine(JsonSerializer.Serialize(new
{
    peer = "mlpipelines",
    epoch,
    workers,
    best = Math.Round(rates.Max(), 1),
    median = Math.Round((rates[(rates.Length - 1) / 2] + rates[rates.Length / 2]) / 2, 1),
    processor = Math.Round(processor, 1),
    collections,
})));

void Read(PixelCache? pixels, int count, int passes, Action<int, double[], double, int>? report = null)
{
    var ml = new MLContext(seed: 1);
    ml.UsePixelCache(pixels);
    var images = ml.Data.LoadFromImageFolder(given["--folder"]);
    var pipeline = ml.Transforms.LoadImages("Image", "ImagePath", size, size, ResizingKind.Fill)
        .Append(ml.Transforms.AugmentImages("Image", new PadAndCrop(padding), new RandomFlip()));
    var rows = pipeline.Fit(images).Steps().Aggregate((IDataView)images, (view, step) => step.TransformForTraining(view));
    var input = new NetworkInput(3, size, size);
    using var store = new SampleStore();
    var samples = new SampleCollector(new("Image", "Label", null, images.Classes, input, false), store, pixels,
        Console.Error.WriteLine).Collect(rows, new() { Fatal = true }, isLearnt: true, default);
    for (var epoch = 0; epoch < passes; epoch++)
    {
        var order = Enumerable.Range(0, Math.Min(samples.Count, count)).Select(place => new SampleDraw(place)).ToArray();
        new Random(epoch).Shuffle(order);
        var reading = new RowReading { Workers = workers, Fatal = true };
        // Rows come in chunks, so that a part of few of them takes no time of its own.
        var windows = order.Length < wholeBelow ? 1 : 8;
        var (done, rates) = (0, new List<double>());
        var (clock, began, collected) = (Stopwatch.StartNew(), Process.GetCurrentProcess().TotalProcessorTime, GC.CollectionCount(2));
        using var planes = new ThreadLocal<float[]>(() => new float[input.Length]);
        foreach (var _ in samples.ReadInOrder(sample => Fill(planes.Value!, samples.ContentOf(sample, epoch)), epoch, reading, order))
            if (++done * windows / order.Length > rates.Count)
            {
                rates.Add((done - rates.Count * order.Length / windows) / clock.Elapsed.TotalSeconds);
                clock.Restart();
            }
        rates.Sort();
        report?.Invoke(epoch + 1, [.. rates], done / (Process.GetCurrentProcess().TotalProcessorTime - began).TotalSeconds,
            GC.CollectionCount(2) - collected);
    }
    float Fill(float[] planes, object image)
    {
        NetworkInput.Write(image, planes);
        return planes[0];
    }
}
