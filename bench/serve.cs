#:project ../src/MlPipelines/MlPipelines.csproj
#:property PublishAot=false
#:property GenerateDocumentationFile=false
#:property EnforceCodeStyleInBuild=false
// A serving process at a share of the model's batch rate: does it keep its memory and its latency?
// dotnet run -c Release bench/serve.cs MLPIPE.dll MODEL.onnx PICTURES [MINUTES 10] [SHARE 0.6]
// MODEL is one that 'mlpipe train' wrote. Its batch rate is measured first, on the pictures' bytes, decoded and scored in batches; then
// pictures are sent at that share of it, at times drawn beforehand (a Poisson process): a request's latency counts from the time it was to
// be sent, so that a server which falls behind cannot hide it. Client and server share the machine. Exit code 1 where the last fifth has
// a p99 above 1.5 times that of the second fifth, or the process holds more than 1.2 times the memory, or anything but 200 was answered.
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.ML;
using MlPipelines;

const int rateSeconds = 20, windows = 10;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var (tool, model) = (args[0], args[1]);
var minutes = args.Length > 3 ? double.Parse(args[3]) : 10;
var share = args.Length > 4 ? double.Parse(args[4]) : 0.6;
byte[][] pictures = [.. Directory.EnumerateFiles(args[2], "*.*", SearchOption.AllDirectories)
    .Where(path => path.EndsWith(".jpg", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".png", StringComparison.OrdinalIgnoreCase))
    .Order(StringComparer.Ordinal).Take(500).Select(File.ReadAllBytes)];

var rate = BatchRate();
Console.WriteLine($"{pictures.Length} pictures, {pictures.Average(picture => picture.Length) / 1024:F0} KiB each; "
    + $"batch rate {rate:F1} images/s; sent {share * rate:F1} a second for {minutes} minutes");

var verdicts = Path.Combine(Directory.CreateTempSubdirectory("serve").FullName, "verdicts.db");
using var server = Process.Start(new ProcessStartInfo("dotnet", [tool, "serve", model, "--port", "0", "--verdicts", verdicts])
{
    RedirectStandardOutput = true
})!;
try
{
    var line = await server.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The server did not start.");
    using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 256 })
    {
        BaseAddress = new(line.Split(" at ")[1]),
        Timeout = TimeSpan.FromSeconds(60)
    };
    return await Load(client);
}
finally
{
    using var ended = Process.Start("kill", [$"{server.Id}"]);
    await server.WaitForExitAsync();
    Directory.Delete(Path.GetDirectoryName(verdicts)!, recursive: true);
}

double BatchRate()
{
    var ml = new MLContext(1);
    using var predictor = ml.Model.CreatePredictor<Photo, Scores>(ml.Model.LoadModel(model));
    var (clock, done) = (new Stopwatch(), 0);
    foreach (var _ in predictor.PredictBatch(Endless()))
    {
        // The first batch makes the network ready.
        if (!clock.IsRunning)
            clock.Start();
        else if (clock.Elapsed.TotalSeconds > rateSeconds)
            break;
        done++;
    }
    return done / clock.Elapsed.TotalSeconds;

    IEnumerable<Photo> Endless()
    {
        for (var number = 0; ; number++)
            yield return new() { ImagePath = pictures[number % pictures.Length] };
    }
}

async Task<int> Load(HttpClient client)
{
    var total = TimeSpan.FromMinutes(minutes);
    var (random, answers, sent) = (new Random(1), new List<Task<Answer>>(), 0);
    var memory = new long[windows];
    // The first requests make the network and the connections ready.
    await Task.WhenAll(Enumerable.Range(0, 32).Select(number => Send(client, number, Stopwatch.GetTimestamp(), 0)));
    var start = Stopwatch.GetTimestamp();
    for (var due = TimeSpan.Zero; due < total; due += TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) / (share * rate)))
    {
        while (Stopwatch.GetElapsedTime(start) is var now && now < due)
            await Task.Delay(due - now > TimeSpan.FromMilliseconds(2) ? due - now : TimeSpan.FromMilliseconds(1));
        var window = (int)(due / total * windows);
        memory[window] = Math.Max(memory[window], Memory());
        answers.Add(Send(client, sent++, start + (long)(due.TotalSeconds * Stopwatch.Frequency), window));
    }
    var all = await Task.WhenAll(answers);
    var p99 = new double[windows];
    Console.WriteLine("window  requests   p50 ms   p99 ms   max ms  memory MiB");
    foreach (var group in all.GroupBy(answer => answer.Window).OrderBy(group => group.Key))
    {
        double[] latencies = [.. group.Select(answer => answer.Milliseconds).Order()];
        p99[group.Key] = latencies[(int)(0.99 * (latencies.Length - 1))];
        Console.WriteLine($"{group.Key + 1,6}  {latencies.Length,8}  {latencies[latencies.Length / 2],7:F1}  {p99[group.Key],7:F1}  "
            + $"{latencies[^1],7:F1}  {memory[group.Key] / 1048576.0,10:F0}");
    }
    var failed = all.Count(answer => answer.Status != HttpStatusCode.OK);
    var (latency, size) = (p99[8..].Average() / p99[2..4].Average(), (double)memory[8..].Max() / memory[2..4].Max());
    Console.WriteLine($"{all.Length} requests, {failed} not answered with 200; last fifth beside the second: p99 {latency:F2} times, "
        + $"memory {size:F2} times");
    return failed == 0 && latency <= 1.5 && size <= 1.2 ? 0 : 1;
}

long Memory()
{
    server.Refresh();
    return server.WorkingSet64;
}

async Task<Answer> Send(HttpClient client, int number, long due, int window)
{
    using var content = new ByteArrayContent(pictures[number % pictures.Length]);
    content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
    using var answer = await client.PostAsync("judge", content);
    await answer.Content.ReadAsByteArrayAsync();
    return new(window, Stopwatch.GetElapsedTime(due).TotalMilliseconds, answer.StatusCode);
}

sealed record Answer(int Window, double Milliseconds, HttpStatusCode Status);

sealed class Photo
{
    public byte[] ImagePath { get; set; } = [];
    public string Label { get; set; } = "";
}

sealed class Scores
{
    public float[] Score { get; set; } = [];
}
