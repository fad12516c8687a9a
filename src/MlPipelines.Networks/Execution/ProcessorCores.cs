using System.Globalization;

namespace MlPipelines.Execution;

/// <summary>How many cores a process may compute with, by the word of Linux's kernel.</summary>
/// <remarks>ONNX Runtime counts by what the processor says of itself, which a virtual machine does not always say rightly: of two cores of
/// an AMD EPYC of family 26 it takes one. It does not ask for the limit of a container either.</remarks>
static class ProcessorCores
{
    const string System = "/sys/devices/system/cpu", Process = "/proc/self/status";

    /// <summary>The cores of this process, each once however many threads it runs at a time, and no more than a container allows; null
    /// where there is no such kernel to ask.</summary>
    public static int? Count { get; } = CountIn(System, Process) is { } cores ? Math.Min(cores, Environment.ProcessorCount) : null;

    /// <summary>The same by other files, without the limit of a container.</summary>
    /// <param name="system">Folder that has a folder for each processor.</param>
    /// <param name="process">File that says which of them the process may use.</param>
    public static int? CountIn(string system, string process)
    {
        const string allowed = "Cpus_allowed_list:";
        try
        {
            var list = File.ReadLines(process).First(line => line.StartsWith(allowed, StringComparison.Ordinal))[allowed.Length..];
            return Numbers(list).Select(number => Path.Combine(system, $"cpu{number}")).Where(Directory.Exists)
                .Select(folder => File.ReadAllText(Path.Combine(folder, "topology", "thread_siblings_list")).Trim())
                .Distinct(StringComparer.Ordinal).Count() is > 0 and var cores ? cores : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidOperationException
            or FormatException)
        {
            return null;
        }
    }

    // Such as "0-3,8".
    static IEnumerable<int> Numbers(string list) => list.Split(',').SelectMany(part =>
    {
        int[] ends = [.. part.Split('-').Select(end => int.Parse(end, CultureInfo.InvariantCulture))];
        return Enumerable.Range(ends[0], ends[^1] - ends[0] + 1);
    });
}
