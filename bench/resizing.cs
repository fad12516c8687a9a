#:project ../src/MlPipelines.ResNet18/MlPipelines.ResNet18.csproj
#:property PublishAot=false
#:property GenerateDocumentationFile=false
#:property EnforceCodeStyleInBuild=false
// The features of a labelled folder's images under one way of resizing, for bench/resizing.py.
// dotnet run -c Release bench/resizing.cs FOLDER NETWORK.onnx|resnet18 IsoCrop|IsoPad|Fill OUTPUT
// OUTPUT.f32 holds float32, one vector an image; OUTPUT.txt the classes, one a line. A network's file takes ImageNet's mean and deviation.
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlPipelines;
using MlPipelines.Networks;

var ml = new MLContext(1);
var network = args[1] == "resnet18" ? ResNet18.Load() : Network.FromOnnx(args[1], Preprocessing.ImageNetTorch);
var images = ml.Data.LoadFromImageFolder(args[0]);
var features = ml.Transforms.LoadImages("Image", "ImagePath", 224, 224, Enum.Parse<ResizingKind>(args[2], ignoreCase: true))
    .Append(ml.Transforms.FeaturizeImages("Features", "Image", network)).Fit(images).Transform(images);
using var file = File.Create(args[3] + ".f32");
foreach (var vector in features.GetColumn<float[]>("Features"))
    file.Write(MemoryMarshal.AsBytes<float>(vector));
File.WriteAllLines(args[3] + ".txt", features.GetColumn<string>("Label"));
