using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using MlPipelines.Execution;
using MlPipelines.Native;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>Runs a network on vectors of floats, many rows at once where its first axis lets it.</summary>
/// <param name="Onnx">The network.</param>
/// <param name="OutputColumns">Columns for its outputs, named as they are.</param>
/// <param name="InputColumns">Columns of its inputs, named as they are.</param>
/// <param name="BatchSize">The most rows in one run; a network with a fixed first axis takes that many.</param>
/// <param name="Device">Where it runs; null for the processor.</param>
/// <param name="IntraOpNumThreads">Threads that share one operator's work; null leaves it to ONNX Runtime.</param>
public sealed record OnnxTransformer(ReadOnlyMemory<byte> Onnx, ImmutableArray<string> OutputColumns, ImmutableArray<string> InputColumns, int BatchSize = 64, Device? Device = null,
    int? IntraOpNumThreads = null) : IOnnxModel, IDisposable
{
    Lazy<Session>? session;

    /// <summary>Sizes of inputs whose axes the network leaves open, by name; a first axis of −1 stays open, any other takes that many rows in a run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableSortedDictionary<string, ImmutableArray<int>>? Shapes { get; init; }

    [JsonIgnore]
    public ReadOnlyMemory<byte> Onnx { get; private init; } = Onnx;

    [JsonIgnore]
    public Device? Device { get; private init; } = Device;

    [JsonIgnore]
    public IReadOnlyDictionary<string, string> Metadata => ImmutableDictionary<string, string>.Empty;

    public int BatchSize { get; } = Check.AtLeast(BatchSize, 1);

    public ITransformer WithOnnx(ReadOnlyMemory<byte> onnx, Device device) => this with { Onnx = onnx, Device = device, session = null };

    public DataViewSchema GetOutputSchema(DataViewSchema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        foreach (var value in Inputs())
        {
            var column = input.Find(value.Name);
            if (column.Type is not VectorDataViewType vector || vector.Item != typeof(float))
                throw new ArgumentException($"Column '{value.Name}': holds {column.Type}, the network takes {value.Type}{value.Shape}: a vector of Single is needed. Use ExtractPixels for images.");
        }
        return Outputs().Aggregate(input, (schema, value) => schema.With(Column(value)));
    }

    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        GetOutputSchema(input.Schema);
        var inputs = Inputs();
        var columns = inputs.Select(value => input.Schema.Find(value.Name).Index).ToArray();
        var rows = inputs[0].Shape is { Rank: > 0 } shape && shape[0] != Shape.Unknown ? shape[0] : (int?)null;
        return new BlockedView<float[][], float[][]>(input, rows ?? BatchSize, row => [.. columns.Select((column, i) => Vector(row, column, inputs[i]))],
            block => Run(inputs, block, rows ?? block.Length), [.. Outputs().Select((value, i) => (Column(value), (Func<float[][], object>)(results => results[i])))]);
    }

    public void Dispose()
    {
        if (session is { IsValueCreated: true })
            session.Value.Dispose();
    }

    public bool Equals(OnnxTransformer? other) => ReferenceEquals(this, other);
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    /// <summary>What error messages call the network.</summary>
    internal string Source { get; init; } = "ApplyOnnxModel";

    Session Session => LazyInitializer.EnsureInitialized(ref session, () => new(Open)).Value;

    Session Open()
    {
        try
        {
            return new(Onnx, new() { Device = Device ?? Device.Cpu, IntraOpThreads = IntraOpNumThreads });
        }
        catch (NativeException exception)
        {
            throw new NativeException($"{Source}: cannot be run: {exception.Message}", exception);
        }
    }

    SessionValue[] Inputs() => [.. InputColumns.Select(name => Find(Sized(), name, "input"))];

    SessionValue[] Sized()
    {
        if (Shapes?.Keys.Except(Session.Inputs.Select(value => value.Name)).FirstOrDefault() is { } unknown)
            throw new ArgumentException($"ApplyOnnxModel: the shapeDictionary has '{unknown}', the network's inputs are {string.Join(", ", Session.Inputs.Select(value => $"'{value.Name}'"))}.");
        return [.. Session.Inputs.Select(value => Shapes?.TryGetValue(value.Name, out var sizes) == true ? value with { Shape = Given(value, sizes) } : value)];
    }

    static Shape Given(SessionValue value, ImmutableArray<int> sizes)
    {
        Shape shape = [.. sizes.Select(size => size < 1 ? Shape.Unknown : size)];
        return value.Shape.Accepts(shape) ? shape : throw new ArgumentException($"ApplyOnnxModel: the shapeDictionary gives '{value.Name}' {shape}, the network takes {value.Shape}. Give the open axes a size, and leave the others as they are.");
    }

    SessionValue[] Outputs() => [.. OutputColumns.Select(name => Find(Session.Outputs, name, "output"))];

    IEnumerable<float[][]> Run(SessionValue[] inputs, float[][][] block, int rows)
    {
        var feeds = inputs.Index().ToDictionary(input => input.Item.Name, input =>
        {
            var length = block[0][input.Index].Length;
            var values = new float[rows * length];
            foreach (var (i, row) in block.Index())
                row[input.Index].CopyTo(values, i * length);
            return new Tensor(ElementType.Float, input.Item.Shape.Rank == 0 ? Shape.Scalar : input.Item.Shape.With(0, rows), MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
        });
        var results = Session.Run(feeds, [.. OutputColumns]);
        return block.Select((_, i) => results.Select(result => result.Elements<float>().Slice((int)(i * result.Shape.Length / rows), (int)(result.Shape.Length / rows)).ToArray()).ToArray());
    }

    static float[] Vector(DataViewRow row, int column, SessionValue input)
    {
        var (vector, needed) = ((float[])row.GetValue(column), input.Shape.Rank == 0 ? 1 : input.Shape.With(0, 1).Length);
        return vector.Length == needed ? vector
            : throw new InvalidDataException($"column '{input.Name}', row {row.Id}: is a vector of {vector.Length}, the network takes {input.Shape}: {needed} numbers a row.");
    }

    static DataViewSchema.Column Column(SessionValue output) =>
        new(output.Name, new VectorDataViewType(typeof(float), output.Shape.Rank > 0 && output.Shape.With(0, 1).IsKnown ? [.. output.Shape.Skip(1)] : []));

    static SessionValue Find(IReadOnlyList<SessionValue> values, string name, string kind) => values.FirstOrDefault(value => value.Name == name) switch
    {
        null => throw new ArgumentException($"ApplyOnnxModel: the network has no {kind} '{name}', it has {string.Join(", ", values.Select(value => $"'{value.Name}'"))}."),
        { Type: not ElementType.Float } other => throw new ArgumentException($"ApplyOnnxModel: the {kind} '{name}' is {other.Type}{other.Shape}, Float is needed."),
        { Shape: { Rank: > 0 } shape } unknown when kind == "input" && !shape.With(0, 1).IsKnown => throw new ArgumentException($"ApplyOnnxModel: the input '{name}' is {unknown.Type}{shape}, a known size of all axes but the first is needed."),
        var value => value,
    };
}
