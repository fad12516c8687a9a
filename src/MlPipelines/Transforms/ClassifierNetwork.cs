using System.Runtime.InteropServices;
using MlPipelines.Execution;
using MlPipelines.Imaging;
using MlPipelines.Tensors;

namespace MlPipelines.Transforms;

/// <summary>A classifier's network with its input's size, fed from values of a feature column.</summary>
sealed class ClassifierNetwork : IDisposable
{
    readonly Session session;
    readonly string input, output;
    readonly int classes;
    readonly int? fixedBatch;

    /// <exception cref="InvalidDataException">The network has other inputs and outputs than a classifier's.</exception>
    public ClassifierNetwork(ReadOnlyMemory<byte> onnx, int classes, Device? device)
    {
        session = new Session(onnx, new() { Device = device ?? Device.Cpu });
        if (session.Inputs is not [{ Type: ElementType.Float, Shape: { Rank: 4 } shape } only] || shape[1] is not (1 or 3) || shape[2] < 1 || shape[3] < 1)
            throw Refused($"has the inputs {string.Join(", ", session.Inputs.Select(value => $"{value.Name} {value.Type}{value.Shape}"))}, one of Float[N,C,H,W] with 1 or 3 channels and a known size is needed");
        var scores = session.Outputs.FirstOrDefault(value => value.Name == "Score") ?? session.Outputs[0];
        if (scores.Type != ElementType.Float || !new Shape[] { [Shape.Unknown, classes] }.Any(needed => needed.Accepts(scores.Shape)))
            throw Refused($"has the output {scores.Name} {scores.Type}{scores.Shape}, Float[N,{classes}] is needed for {classes} labels");
        (input, output, this.classes) = (only.Name, scores.Name, classes);
        (Channels, Height, Width, fixedBatch) = (shape[1], shape[2], shape[3], shape[0] > 0 ? shape[0] : null);
    }

    public int Channels { get; }
    public int Height { get; }
    public int Width { get; }

    int Length => Channels * Height * Width;

    /// <summary>The values that the network takes for one row, [C, H, W].</summary>
    public float[] Features(object value, ResizingKind resize, string name) => value switch
    {
        Image image => Pixels(image, resize),
        byte[] encoded => Pixels(Image.FromBytes(encoded, name), resize),
        float[] vector when vector.Length == Length => vector,
        float[] vector => throw new InvalidDataException($"{name}: is a vector of {vector.Length}, the network takes {Channels}×{Height}×{Width} = {Length} numbers."),
        _ => throw new InvalidDataException($"{name}: is a {value.GetType().Name}, an image, its bytes or a vector of numbers is needed."),
    };

    /// <summary>The scores of each row.</summary>
    public float[][] Score(IReadOnlyList<float[]> rows) => [.. rows.Chunk(fixedBatch ?? Math.Max(rows.Count, 1)).SelectMany(Run)];

    public void Dispose() => session.Dispose();

    IEnumerable<float[]> Run(float[][] rows)
    {
        var block = new float[(fixedBatch ?? rows.Length) * Length];
        foreach (var (i, row) in rows.Index())
            row.CopyTo(block, i * Length);
        var scores = session.Run(new Dictionary<string, Tensor> { [input] = new(ElementType.Float, [block.Length / Length, Channels, Height, Width], MemoryMarshal.AsBytes(block.AsSpan()).ToArray()) }, output)[0];
        return Enumerable.Range(0, rows.Length).Select(i => scores.Elements<float>().Slice(i * classes, classes).ToArray());
    }

    float[] Pixels(Image image, ResizingKind resize)
    {
        var sized = image.Resize(Width, Height, resize);
        sized = Channels == 1 ? sized.ToGrayscale() : sized.ToRgb();
        var (values, plane) = (new float[Length], Width * Height);
        var pixels = sized.Pixels;
        for (var c = 0; c < Channels; c++)
        {
            for (var i = 0; i < plane; i++)
                values[c * plane + i] = pixels[i * Channels + c];
        }
        return values;
    }

    static InvalidDataException Refused(string found) => new($"ImageClassifier: the network {found}. Is it the one that was trained for these labels?");
}
