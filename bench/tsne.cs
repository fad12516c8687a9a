#:project ../src/MlPipelines/MlPipelines.csproj
#:property PublishAot=false
#:property GenerateDocumentationFile=false
#:property EnforceCodeStyleInBuild=false
// t-SNE of vectors in a file, for bench/tsne.py: prints the seconds that it took, and writes x and y of each point.
// dotnet run -c Release bench/tsne.cs VECTORS LENGTH START POINTS
// VECTORS holds float32, so many a vector; START and POINTS hold float64, two a point.
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using MlPipelines;

var length = int.Parse(args[1], CultureInfo.InvariantCulture);
var vectors = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(args[0])).ToArray().Chunk(length).ToArray();
var start = MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(args[2])).ToArray();
var clock = Stopwatch.StartNew();
var found = Embedding.OfTsne(vectors, new() { Components = null, Start = [.. start.Chunk(2).Select(point => (point[0], point[1]))] });
Console.WriteLine(clock.Elapsed.TotalSeconds.ToString("F2", CultureInfo.InvariantCulture));
double[] points = [.. found.Points.SelectMany(point => (double[])[point.X, point.Y])];
File.WriteAllBytes(args[3], MemoryMarshal.AsBytes<double>(points).ToArray());
