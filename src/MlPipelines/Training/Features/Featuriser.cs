using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using MlPipelines.Execution;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Imaging;
using MlPipelines.Tensors;
using MlPipelines.Transforms;

namespace MlPipelines.Training.Features;

/// <summary>Runs the frozen part of a network over batches of images. Its weights are constants, so that ONNX Runtime folds and lays them out as it likes best.</summary>
sealed class Featuriser : IDisposable
{
    /// <summary>Images in a run.</summary>
    public const int BatchSize = 32;

    /// <summary>Raised when equal networks and equal pixels come to give other features.</summary>
    const int Version = 1;

    readonly Graph part;
    readonly Session session;
    readonly Dictionary<int, Run> runs = [];
    readonly byte[] origin;

    /// <param name="part">One input [?,C,H,W], one output [?, …].</param>
    /// <param name="device">What computes.</param>
    public Featuriser(Graph part, Device device)
    {
        this.part = part;
        var bytes = OnnxFile.Write(part);
        session = new(bytes, new() { Device = device });
        origin = SHA256.HashData([.. SHA256.HashData(bytes), .. Encoding.UTF8.GetBytes($"features {Version} {device} {OnnxRuntime.Version}")]);
    }

    /// <summary>What the features of an image are kept under: a hash of the network part, of what computes it, and of the very numbers that go in.</summary>
    public PixelCacheKey KeyOf(object content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(origin);
        if (content is Image image)
        {
            hash.AppendData(MemoryMarshal.AsBytes<int>([image.Channels, image.Height, image.Width]));
            hash.AppendData(image.Pixels);
        }
        else
            hash.AppendData(MemoryMarshal.AsBytes<float>((float[])content));
        Span<byte> result = stackalloc byte[PixelCacheKey.Bytes];
        hash.GetHashAndReset(result);
        return PixelCacheKey.Read(result);
    }

    /// <summary>The features of each image.</summary>
    /// <param name="contents">What <see cref="NetworkInput.Content"/> gave, at most <see cref="BatchSize"/>.</param>
    public float[][] Features(IReadOnlyList<object> contents)
    {
        if (!runs.TryGetValue(contents.Count, out var run))
            runs[contents.Count] = run = new(session, part, contents.Count);
        var images = run.Image.Elements<float>();
        var size = images.Length / contents.Count;
        for (var i = 0; i < contents.Count; i++)
            NetworkInput.Write(contents[i], images.Slice(i * size, size));
        run.Binding.Run();
        var features = run.Output.Elements<float>();
        var length = features.Length / contents.Count;
        var result = new float[contents.Count][];
        for (var i = 0; i < result.Length; i++)
            result[i] = features.Slice(i * length, length).ToArray();
        return result;
    }

    public void Dispose()
    {
        foreach (var run in runs.Values)
            run.Dispose();
        session.Dispose();
    }

    sealed class Run : IDisposable
    {
        public Run(Session session, Graph part, int batch)
        {
            Image = new(ElementType.Float, part.Inputs[0].Shape.With(0, batch));
            Output = new(ElementType.Float, part.Outputs[0].Value.Shape.With(0, batch));
            Binding = session.Bind(new Dictionary<string, TensorBuffer> { [part.NameOf(part.Inputs[0])] = Image }, new Dictionary<string, TensorBuffer> { [part.Outputs[0].Name] = Output });
        }

        public TensorBuffer Image { get; }
        public TensorBuffer Output { get; }
        public Binding Binding { get; }

        public void Dispose()
        {
            Binding.Dispose();
            Image.Dispose();
            Output.Dispose();
        }
    }
}
