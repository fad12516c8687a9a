#:project ../src/MlPipelines.Networks/MlPipelines.Networks.csproj
#:property AssemblyName=MlPipelines.Bench.NodeTests
#:property PublishAot=false
#:property GenerateDocumentationFile=false
#:property EnforceCodeStyleInBuild=false
// ONNX's own node tests: each file is read, written again in opset 17, and run by ONNX Runtime on the numbers beside it.
// dotnet run -c Release bench/node_tests.cs FOLDER [--list]
// FOLDER is onnx/backend/test/data/node of ONNX's repository at tag v1.20.0; --list prints every case with what came of it.
// bench/node_tests.tsv says of which cases it is known that they do not pass, and why; the exit code is 0 where it is right.
using System.Text.RegularExpressions;
using Google.Protobuf;
using MlPipelines.Execution;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Graphs.Onnx.Wire;
using MlPipelines.Tensors;

if (args is not [var folder, .. var options] || !Directory.Exists(folder))
{
    Console.Error.WriteLine("node_tests: needs a folder, onnx/backend/test/data/node of ONNX's repository at tag v1.20.0.");
    return 1;
}
var exclusions = Exclusion.Read(Path.Combine(Path.GetDirectoryName(Self())!, "node_tests.tsv"));
var results = Directory.GetDirectories(folder).Order(StringComparer.Ordinal).Select(Case.Run).ToArray();
var unexpected = 0;
foreach (var result in results)
{
    var exclusion = exclusions.FirstOrDefault(one => one.Pattern.IsMatch(result.Name));
    if (result.Kind != Kind.NotClaimed)
        exclusion?.Found.Add(result.Kind);
    var isExpected = result.Kind is Kind.Passed or Kind.NotClaimed || exclusion?.Kind == result.Kind;
    unexpected += isExpected ? 0 : 1;
    if (!isExpected || options.Contains("--list"))
        Console.WriteLine($"{result.Kind}\t{result.Name}\t{result.Said}");
}
foreach (var stale in exclusions.Where(one => one.Found.Count == 0 || one.Found.Any(kind => kind != one.Kind)))
{
    Console.WriteLine($"node_tests.tsv: '{stale.Text}' stands for {stale.Found.Count} cases, of which not all are {stale.Kind}.");
    unexpected++;
}
foreach (var kind in Enum.GetValues<Kind>())
    Console.WriteLine($"{kind,-10} {results.Count(result => result.Kind == kind),5}");
Console.WriteLine($"{results.Length} cases, {unexpected} surprises");
return unexpected == 0 ? 0 : 1;

static string Self([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;

/// <summary>What came of a case.</summary>
enum Kind
{
    /// <summary>The same numbers.</summary>
    Passed,
    /// <summary>Read, but not the same numbers.</summary>
    Failed,
    /// <summary>An operator that is read, in a form that is not.</summary>
    Refused,
    /// <summary>An operator that is not read.</summary>
    NotClaimed,
}

/// <summary>A case's name, what came of it, and the message where there is one.</summary>
sealed record Result(string Name, Kind Kind, string Said = "");

/// <summary>Cases that are known not to pass, each kind of them with its reason.</summary>
sealed record Exclusion(string Text, Regex Pattern, Kind Kind)
{
    public List<Kind> Found { get; } = [];

    public static Exclusion[] Read(string path) =>
    [
        .. from line in File.ReadLines(path)
           where line.Length > 0 && line[0] != '#'
           let parts = line.Split('\t')
           select parts is [var pattern, var kind, { Length: > 0 }]
               ? new Exclusion(pattern, new($"^{Regex.Escape(pattern).Replace("\\*", ".*").Replace("\\?", ".")}$"),
                   Enum.Parse<Kind>(kind, ignoreCase: true))
               : throw new InvalidDataException($"{path}: '{line}', needs a pattern, failed or refused, and a reason, with tabs between."),
    ];
}

static class Case
{
    static readonly HashSet<string> claimed =
        [.. Operator.All.Values.Where(op => op.Domain != Operator.OwnDomain).Select(op => op.Type), .. Upgrades.All.Keys, "Constant"];

    public static Result Run(string folder)
    {
        var (name, path) = (Path.GetFileName(folder), Path.Combine(folder, "model.onnx"));
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        if (model.Graph.Node.Any(node => node.Domain is not ("" or "ai.onnx") || !claimed.Contains(node.OpType)))
            return new(name, Kind.NotClaimed);
        // Networks store sizes, axes and scales, which these files take as inputs: what is refused so is tried with them stored.
        var given = Enumerable.Range(0, model.Graph.Input.Count)
            .Select(i => Path.Combine(folder, "test_data_set_0", $"input_{i}.pb")).ToArray();
        var first = Attempt(name, folder, model);
        foreach (var kept in new[] { 1, 0 })
        {
            if (first.Kind != Kind.Refused || model.Graph.Input.Count <= kept || !given.All(File.Exists))
                continue;
            var stored = new ModelProto(model);
            for (var i = kept; i < given.Length; i++)
                stored.Graph.Initializer.Add(new TensorProto(Message(given[i])) { Name = stored.Graph.Input[i].Name });
            if (Attempt(name, folder, stored) is { Kind: not Kind.Refused } other)
                return other;
        }
        return first;
    }

    static Result Attempt(string name, string folder, ModelProto model)
    {
        try
        {
            return Compare(name, folder, model, OnnxFile.Read(model.ToByteArray(), "model").Graph);
        }
        catch (Exception exception) when (exception is GraphException or InvalidDataException)
        {
            return new(name, Kind.Refused, exception.Message.ReplaceLineEndings(" "));
        }
        catch (Exception exception)
        {
            return new(name, Kind.Failed, $"{exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")}");
        }
    }

    static Result Compare(string name, string folder, ModelProto model, Graph graph)
    {
        using var session = new Session(OnnxFile.Write(graph));
        var inputs = graph.Inputs.Select(graph.NameOf).ToHashSet();
        foreach (var set in Directory.GetDirectories(folder, "test_data_set_*"))
        {
            var given = model.Graph.Input.Index().Where(input => inputs.Contains(input.Item.Name))
                .ToDictionary(input => input.Item.Name, input => Stored(Path.Combine(set, $"input_{input.Index}.pb")));
            var outputs = session.Run(given);
            for (var i = 0; i < outputs.Length; i++)
                if (Difference(Stored(Path.Combine(set, $"output_{i}.pb")), outputs[i]) is { } difference)
                    return new(name, Kind.Failed, $"output {i}: {difference}");
        }
        return new(name, Kind.Passed);
    }

    static TensorProto Message(string path) => TensorProto.Parser.ParseFrom(File.ReadAllBytes(path));

    static Tensor Stored(string path) => new TensorReader(path, null).Read(Message(path));

    // Tolerances of ONNX's own test runner.
    static string? Difference(Tensor expected, Tensor found)
    {
        const double relative = 1e-3, absolute = 1e-7;
        if (expected.Type != found.Type || expected.Shape != found.Shape)
            return $"{found}, needs {expected}";
        if (expected.Type != ElementType.Float)
            return expected.Bytes.Span.SequenceEqual(found.Bytes.Span) ? null : "other numbers";
        float[] wanted = expected.Elements<float>().ToArray(), got = found.Elements<float>().ToArray();
        for (var i = 0; i < wanted.Length; i++)
            if (!wanted[i].Equals(got[i]) && !(Math.Abs(wanted[i] - got[i]) <= absolute + relative * Math.Abs(wanted[i])))
                return $"{got[i]} at place {i}, needs {wanted[i]}";
        return null;
    }
}
