#:project ../src/MlPipelines/MlPipelines.csproj
// Finds small sets of CIFAR-10 on which three types of classifiers differ: a control, one that sees wider, and one for which colours count
// less. Ten draws of balanced training sets for each type, and held-out ones; random draws ranked, a directed search, and whether what they
// find holds on the held-out members, beside random balanced sets of the same size. With training sets of 1,000 pictures, then of 5,000.
// Stopped, it goes on where it was: members are kept beside the folder, 15 MB each.
// dotnet run pipelines/evaluation-sets.cs [CIFAR-10's folder] [new folder] [draws] [held-out draws] [pictures: 1000,5000] [epochs] [set]

using System.Diagnostics;
using Microsoft.ML;
using MlPipelines;

var folder = args.Length > 0 ? args[0] : "datasets/cifar-10-batches-bin";
var output = args.Length > 1 ? args[1] : "runs/evaluation-sets";
int Size(int place, int fallback) => args.Length > place ? int.Parse(args[place]) : fallback;

var ml = new MLContext(seed: 1);
var clock = Stopwatch.StartNew();
void Say(string line) => Console.WriteLine($"{clock.Elapsed:hh\\:mm\\:ss} {line}");
IDataView train, test;
try
{
    train = ml.Data.LoadFromCifar(folder, DataPart.Train);
    test = ml.Data.LoadFromCifar(folder, DataPart.Test);
}
catch (Exception problem) when (problem is IOException or InvalidDataException)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}

foreach (var pictures in (args.Length > 4 ? args[4] : "1000,5000").Split(',').Select(int.Parse))
{
    var members = ml.TrainMembers(train, new()
    {
        Types = [ClassifierType.Control, ClassifierType.WideView, ClassifierType.LessColour],
        Draws = Size(2, 10),
        HeldOutDraws = Size(3, 3),
        Pictures = pictures,
        Epochs = Size(5, 20),
        WorkspacePath = $"{output}-{pictures}-members",
        Steps = Say,
    });
    var report = ml.FindEvaluationSets(test, members, new() { Pictures = Size(6, 1000), Draws = 10, Steps = Say });
    var saved = report.Save($"{output}-{pictures}");
    foreach (var type in report.Members.GroupBy(member => (member.Type, member.IsHeldOut)))
        Console.WriteLine($"{type.Key.Type}{(type.Key.IsHeldOut ? ", held out" : "")}: "
            + $"{type.Average(member => member.Accuracy.Value):P1} right, "
            + $"mean of {type.Count()} trained on {pictures} pictures");
    foreach (var set in report.Sets.Where(set => set.HeldOut is not null))
        Console.WriteLine($"{set.Name}: spread on held-out seeds {set.HeldOut!.Spread:P1}, random balanced sets of the same size "
            + $"{set.HeldOut.RandomInterval.Lower:P1} to {set.HeldOut.RandomInterval.Upper:P1} (95 %): {set.Verdict}");
    Console.WriteLine($"trained on {pictures} pictures: {report.Finding}");
    Console.WriteLine($"look at {saved.Page}");
    foreach (var member in members)
        member.Dispose();
}
var processor = File.Exists("/proc/cpuinfo")
    ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name"))?.Split(':')[1].Trim() : null;
Console.WriteLine($"{clock.Elapsed.TotalMinutes:F1} minutes since it was started, on "
    + $"{Environment.ProcessorCount} cores ({processor ?? "of a kind not known"})");
return 0;
