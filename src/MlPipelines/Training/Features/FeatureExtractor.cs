using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using MlPipelines.Execution;
using MlPipelines.Execution.Kernels;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Imaging;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>Runs the frozen part of a network over batches of images. Its weights are constants, which are folded and laid out once.
/// </summary>
sealed class FeatureExtractor : IDisposable
{
    /// <summary>Images in a run.</summary>
    public const int BatchSize = 32;

    /// <summary>Raised when equal networks and equal images come to give other features.</summary>
    const int Version = 4;

    readonly Graph part;
    readonly Session session;
    readonly Dictionary<int, Run> runs = [];
    readonly byte[] origin;

    /// <param name="part">One input [?,C,H,W], one output [?, …].</param>
    /// <param name="settings">What computes.</param>
    public FeatureExtractor(Graph part, SessionSettings settings)
    {
        this.part = part;
        var bytes = OnnxFile.Write(part);
        session = Lowering.SessionOfFixed(part, settings, bytes);
        // Of hashes and not of the bytes one after the other, so that it is clear where the network ends.
        origin = SHA256.HashData(
            [.. SHA256.HashData(bytes), .. Encoding.UTF8.GetBytes($"features {Version} {settings.Device} {OnnxRuntime.Version}")]);
    }

    /// <summary>What the features of an image are kept under that is not decoded yet: a hash of the network part, of what computes it, of
    /// the file's bytes and of all that is done to them.</summary>
    /// <param name="source">Of <see cref="Image.Source"/>.</param>
    /// <param name="input">What the network takes.</param>
    public PixelCacheKey KeyOf(PixelCacheKey source, NetworkInput input)
    {
        Span<byte> bytes = stackalloc byte[PixelCacheKey.Bytes];
        source.Write(bytes);
        // Each kind of key begins with another letter, so that no file's hash can pass for pixels or numbers.
        return KeyOf([(byte)'f', .. bytes, .. MemoryMarshal.AsBytes<int>([input.Channels, input.Height, input.Width, (int)input.Resize])]);
    }

    /// <summary>What the features of other images and of vectors are kept under: the same with the very numbers that go in.</summary>
    /// <param name="content">Of <see cref="NetworkInput.Content"/>.</param>
    public PixelCacheKey KeyOf(object content) => content is Image image
        ? KeyOf([(byte)'p', .. MemoryMarshal.AsBytes<int>([image.Channels, image.Height, image.Width])], image.Pixels)
        : KeyOf("v"u8, MemoryMarshal.AsBytes<float>((float[])content));

    PixelCacheKey KeyOf(ReadOnlySpan<byte> what, ReadOnlySpan<byte> numbers = default)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(origin);
        hash.AppendData(what);
        hash.AppendData(numbers);
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
        var (image, size) = (run.Image, run.Image.Elements<float>().Length / contents.Count);
        Parallel.For(0, contents.Count, i => NetworkInput.Write(contents[i], image.Elements<float>().Slice(i * size, size)));
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
            // The session writes into these buffers, which must not be freed before the binding.
            Binding = session.Bind(new Dictionary<string, TensorBuffer> { [part.NameOf(part.Inputs[0])] = Image },
                new Dictionary<string, TensorBuffer> { [part.Outputs[0].Name] = Output });
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
