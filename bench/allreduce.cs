#:project ../src/MlPipelines.Mpi/MlPipelines.Mpi.csproj
#:property PublishAot=false
#:property GenerateDocumentationFile=false
#:property EnforceCodeStyleInBuild=false
// How long processes take to sum up numbers, by how many numbers: the slowest process's median of many calls.
// dotnet build -c Release bench/allreduce.cs, then mpirun.mpich -n 2 dotnet allreduce.dll [MILLIONS OF NUMBERS AT MOST, 16]
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using MlPipelines;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
using var all = MpiCommunicator.Open();
var most = (args.Length > 0 ? double.Parse(args[0]) : 16) * 1e6;
for (var count = 1; count <= most; count *= 4)
{
    var numbers = new float[count];
    var calls = (int)Math.Clamp(4e6 / count, 15, 300);
    var summed = Slowest(Median(calls, () => all.AllReduce(numbers)));
    var few = Math.Min(count, 4096);
    var gathered = Slowest(Median(calls, () => all.AllGather(MemoryMarshal.AsBytes<float>(numbers.AsSpan(0, few)))));
    if (all.Rank == 0)
        Console.WriteLine($"{all.Size} processes, {count * 4,11:N0} bytes: sum {summed * 1e6,10:N1} µs, "
            + $"{count * 4 / summed / 1e9,6:N2} GB/s; gather of {few * 4,6:N0} {gathered * 1e6,8:N1} µs");
}
return;

double Slowest(double own) =>
    all.AllGather(MemoryMarshal.AsBytes<double>([own])).Max(each => MemoryMarshal.Cast<byte, double>(each)[0]);

static double Median(int calls, Action call)
{
    for (var warm = 0; warm < 5; warm++)
        call();
    var times = new double[calls];
    for (var i = 0; i < calls; i++)
    {
        var start = Stopwatch.GetTimestamp();
        call();
        times[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
    Array.Sort(times);
    return times[calls / 2];
}
