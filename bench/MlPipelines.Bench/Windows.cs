using System.Diagnostics;
using System.Text.Json;

/// <summary>Times things in alternation, window by window: by the clock, and by the processor time that the whole process took, which other
/// programs hardly disturb.</summary>
static class Windows
{
    static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Runs each once to warm it, then each for a window in turn; one JSON line each.</summary>
    /// <param name="seconds">Measured time of each.</param>
    /// <param name="runs">Name, and what is timed; returns how many images it went through.</param>
    public static void Alternate(string mode, double seconds, params (string Name, Func<int> Run)[] runs)
    {
        const int Count = 10;
        foreach (var (_, run) in runs)
            Rate(run, seconds / Count);
        var rates = runs.Select(_ => new List<(double Clock, double Processor)>()).ToArray();
        for (var window = 0; window < Count; window++)
            for (var i = 0; i < runs.Length; i++)
                rates[i].Add(Rate(runs[i].Run, seconds / Count));
        for (var i = 0; i < runs.Length; i++)
        {
            var (clock, processor) = (rates[i].Select(rate => rate.Clock).Order().ToArray(), rates[i].Max(rate => rate.Processor));
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                peer = "mlpipelines",
                mode,
                name = runs[i].Name,
                median = Math.Round((clock[4] + clock[5]) / 2, 1),
                best = Math.Round(clock[^1], 1),
                per_core = Math.Round(processor, 1),
                microseconds = Math.Round(1e6 / processor, 2)
            }, Plain));
        }
    }

    static (double Clock, double Processor) Rate(Func<int> run, double seconds)
    {
        var (clock, processor, images) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime, 0);
        do
            images += run();
        while (clock.Elapsed.TotalSeconds < seconds);
        return (images / clock.Elapsed.TotalSeconds, images / (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
    }
}
