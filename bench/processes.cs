#:project ../src/MlPipelines.Mpi/MlPipelines.Mpi.csproj
#:property PublishAot=false
#:property GenerateDocumentationFile=false
#:property EnforceCodeStyleInBuild=false
// Images per second of each epoch of one training, in as many processes as started it.
// dotnet build -c Release bench/processes.cs, then dotnet processes.dll or mpirun.mpich -n 2 dotnet processes.dll with
// keras FOLDER EPOCHS IMAGES [synchronised]: Keras's network on so many of CIFAR-10's images, 128 in a batch, or
// NETWORK.onnx FOLDER EPOCHS IMAGES [synchronised]: that network, whole, on photographs at 224×224, 32 in a batch.
using System.Globalization;
using Microsoft.ML;
using MlPipelines;
using MlPipelines.Networks;

if (args.Length < 4)
{
    Console.Error.WriteLine("processes: needs four arguments, keras or a network, a folder, epochs, and the number of images.");
    return 1;
}
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
using var all = MpiCommunicator.Open();
var ml = new MLContext(1);
var isKeras = args[0] == "keras";
var images = int.Parse(args[3]);
var read = isKeras ? ml.Data.LoadFromCifar(args[1], DataPart.Train) : ml.Data.LoadFromImageFolder(args[1]);
var train = ml.Data.TakeRows(isKeras ? read : ml.Data.ShuffleRows(read, 1), images);
var trainer = ml.MulticlassClassification.Trainers.ImageClassification(new ImageClassificationTrainer.Options
{
    FeatureColumnName = "Image",
    Network = isKeras ? Architectures.CifarCnn(10)
        : Network.FromOnnx(args[0], Preprocessing.ImageNetTorch).WithClassifier(new Dense(10)),
    Optimizer = isKeras ? new RMSprop(1e-4f) : new Adam(1e-4f),
    Epoch = int.Parse(args[2]),
    BatchSize = isKeras ? 128 : 32,
    ValidationSetFraction = 0,
    EarlyStoppingCriteria = null,
    SynchronizedNormalization = args.Length > 4,
    Communicator = all,
    EpochCallback = epoch => Console.WriteLine($"{all.Size} processes, epoch {epoch.Epoch}: {epoch.Samples / epoch.Seconds:F1} images/s, "
        + $"loss {epoch.Loss:F4}"),
});
if (isKeras)
    trainer.Fit(train);
else
    ml.Transforms.LoadImages("Image", "ImagePath", 224, 224).Append(trainer).Fit(train);
return 0;
