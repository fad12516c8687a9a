#:project ../src/MlPipelines.ResNet18/MlPipelines.ResNet18.csproj
#:property AssemblyName=MlPipelines.Bench
#:property PublishAot=false
#:property GenerateDocumentationFile=false
#:property EnforceCodeStyleInBuild=false
// ResNet-18's features of a folder of photographs, images/s: by this library, by ML.NET's own steps (both with decoding and resizing),
// and by
// bare ONNX Runtime from numbers that lie ready, in batches of 32. In alternation, medians of the rounds.
// dotnet run -c Release bench/backbone.cs FOLDER [photographs a round] [rounds]
using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.Transforms;
using MlPipelines;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Networks;

const int Batch = 32;
if (args.Length < 1)
{
    Console.Error.WriteLine("backbone: needs an argument, a folder of photographs.");
    return 1;
}
var (count, rounds) = (args.Length > 1 ? int.Parse(args[1]) : 256, args.Length > 2 ? int.Parse(args[2]) : 5);
var ml = new MLContext(1);
var paths = Directory.GetFiles(args[0], "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
new Random(1).Shuffle(paths);
var data = ml.Data.LoadFromEnumerable(paths.Take(count).Select(path => new Row { ImagePath = path }).ToList());
var network = ResNet18.Load();
var ours = ml.Transforms.LoadImages("Image", "ImagePath", 224, 224).Append(ml.Transforms.FeaturizeImages("Features", "Image", network))
    .Fit(data);
var theirs = ml.Transforms.LoadImages("Image", null, "ImagePath").Append(ml.Transforms.ResizeImages("Image", 224, 224))
    .Append(ml.Transforms.ExtractPixels("Pixels", "Image"))
    .Append(ml.Transforms.DnnFeaturizeImage("Features",
        model => model.ModelSelector.ResNet18(ml, model.OutputColumn, model.InputColumn), "Pixels")).Fit(data);
var graph = ((GraphNetwork)network.With(Preprocessing.None).CutAtFeatures()).Build(224, 224, 3).Initialize(1);
using var settings = new SessionOptions { IntraOpNumThreads = Environment.ProcessorCount };
using var session = new InferenceSession(OnnxFile.Write(graph), settings);
var numbers = new DenseTensor<float>(new float[Batch * 3 * 224 * 224], [Batch, 3, 224, 224]);
for (var i = 0; i < numbers.Length; i++)
    numbers.Buffer.Span[i] = i * 7919 % 256 - 117;

(string Name, Action Work)[] routes =
[
    ("ours", () => Features(ours)),
    ("ML.NET", () => Features(theirs)),
    ("bare ONNX Runtime", () =>
    {
        for (var done = 0; done < count; done += Batch)
            session.Run([NamedOnnxValue.CreateFromTensor(session.InputNames[0], numbers)]).Dispose();
    }),
];
var speeds = routes.ToDictionary(route => route.Name, _ => new List<double>());
for (var round = 0; round <= rounds; round++)
    foreach (var (name, work) in routes)
    {
        var clock = Stopwatch.StartNew();
        work();
        // The first round makes everything ready.
        if (round > 0)
            speeds[name].Add(count / clock.Elapsed.TotalSeconds);
    }
foreach (var (name, _) in routes)
    Console.WriteLine($"{name}: {Median(speeds[name]):F1} images/s ({string.Join(", ", speeds[name].Select(one => $"{one:F0}"))})");
double Ratio(string other) => Median([.. speeds["ours"].Zip(speeds[other], (mine, its) => mine / its)]);
Console.WriteLine($"ours to ML.NET {Ratio("ML.NET"):F2}, to bare ONNX Runtime {Ratio("bare ONNX Runtime"):F2}");
return 0;

void Features(ITransformer model)
{
    if (model.Transform(data).GetColumn<float[]>("Features").Count() != count)
        throw new InvalidOperationException("backbone: photographs are missing.");
}

static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

sealed class Row
{
    public string ImagePath { get; set; } = "";
}
