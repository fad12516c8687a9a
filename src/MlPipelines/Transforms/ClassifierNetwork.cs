using System.Runtime.InteropServices;
using MlPipelines.Execution;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>A classifier's network with its input's size, fed from values of a feature column.</summary>
sealed class ClassifierNetwork : IDisposable
{
    readonly Session session;
    readonly string input, output;
    readonly int classes;
    readonly int? fixedBatch;

    /// <exception cref="InvalidDataException">The network has other inputs and outputs than a classifier's.</exception>
    public ClassifierNetwork(ReadOnlyMemory<byte> onnx, int classes, ResizingKind resize, Device? device)
    {
        session = new Session(onnx, new() { Device = device ?? Device.Cpu });
        if (session.Inputs is not [{ Type: ElementType.Float, Shape: { Rank: 4 } shape } only] || shape[1] is not (1 or 3) || shape[2] < 1 || shape[3] < 1)
            throw Refused($"has the inputs {string.Join(", ", session.Inputs.Select(value => $"{value.Name} {value.Type}{value.Shape}"))}, one of Float[N,C,H,W] with 1 or 3 channels and a known size is needed");
        var scores = session.Outputs.FirstOrDefault(value => value.Name == "Score") ?? session.Outputs[0];
        if (scores.Type != ElementType.Float || !new Shape[] { [Shape.Unknown, classes] }.Any(needed => needed.Accepts(scores.Shape)))
            throw Refused($"has the output {scores.Name} {scores.Type}{scores.Shape}, Float[N,{classes}] is needed for {classes} labels");
        (input, output, this.classes) = (only.Name, scores.Name, classes);
        fixedBatch = shape[0] > 0 ? shape[0] : null;
        Input = new(shape[1], shape[2], shape[3], resize);
    }

    public NetworkInput Input { get; }

    /// <summary>The scores of each row.</summary>
    /// <param name="rows">What <see cref="NetworkInput.Content"/> gave of each.</param>
    public float[][] Score(IReadOnlyList<object> rows) => [.. rows.Chunk(fixedBatch ?? Math.Max(rows.Count, 1)).SelectMany(Run)];

    public void Dispose() => session.Dispose();

    IEnumerable<float[]> Run(object[] rows)
    {
        var bytes = new byte[(fixedBatch ?? rows.Length) * Input.Length * sizeof(float)];
        var size = Input.Length * sizeof(float);
        if (rows.Length == 1)
            Write(rows[0], 0);
        else
            Parallel.For(0, rows.Length, i => Write(rows[i], i));
        Tensor block = new(ElementType.Float, [bytes.Length / size, Input.Channels, Input.Height, Input.Width], bytes);
        var scores = session.Run(new Dictionary<string, Tensor> { [input] = block }, output)[0];
        return Enumerable.Range(0, rows.Length).Select(i => scores.Elements<float>().Slice(i * classes, classes).ToArray());

        void Write(object row, int place) => NetworkInput.Write(row, MemoryMarshal.Cast<byte, float>(bytes.AsSpan(place * size, size)));
    }

    static InvalidDataException Refused(string found) => new($"ImageClassifier: the network {found}. Is it the one that was trained for these labels?");
}
