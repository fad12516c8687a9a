using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using MlPipelines.Execution;
using MlPipelines.Execution.Kernels;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Native;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>A network over images that gives some numbers for each, fed from values of a feature column.</summary>
/// <remarks>On the processor the numbers of an image are the same to the bit whatever is run with it.</remarks>
sealed class ImageNetwork : IDisposable
{
    readonly Session session;
    readonly string input, output;
    readonly int? fixedBatch;
    readonly bool isAlone;

    readonly string name;
    readonly ReadOnlyMemory<byte> onnx;

    /// <param name="onnx">One input [N, C, H, W], one output [N, numbers]; or an output named Score.</param>
    /// <param name="length">Numbers of each image; null for as many as the network gives.</param>
    /// <param name="resize">How an image of another size is brought to the network's.</param>
    /// <param name="device">Where it runs; null for the processor.</param>
    /// <param name="name">What messages call it: the model's file, or the step.</param>
    /// <exception cref="InvalidDataException">The network has other inputs and outputs.</exception>
    public ImageNetwork(ReadOnlyMemory<byte> onnx, int? length, ResizingKind resize, Device? device, string name)
    {
        (this.name, this.onnx) = (name, onnx);
        var graph = GraphOf(onnx);
        isAlone = (device ?? Device.Cpu) == Device.Cpu && (graph is null || !BatchIndependence.Of(graph));
        session = Opened(onnx, isAlone ? null : graph, new() { Device = device ?? Device.Cpu, IntraOpThreads = isAlone ? 1 : null }, name);
        if (session.Inputs is not [{ Type: ElementType.Float, Shape: { Rank: 4 } shape } only] || shape[1] < 1 || shape[2] < 1
            || shape[3] < 1)
            throw Refused(
                $"has the inputs {string.Join(", ", session.Inputs.Select(value => $"{value.Name} {value.Type}{value.Shape}"))}, one of "
                    + "Float[N,C,H,W] of a known size is needed");
        var scores = session.Outputs.FirstOrDefault(value => value.Name == "Score") ?? session.Outputs[0];
        var found = scores.Shape.Rank > 1 && scores.Shape.With(0, 1).IsKnown ? scores.Shape.With(0, 1).Length : -1;
        if (scores.Type != ElementType.Float || found < 1 || length is { } needed && (found != needed || scores.Shape.Rank != 2))
            throw Refused($"has the output {scores.Name} {scores.Type}{scores.Shape}, "
                + $"Float[N,{(length is { } count ? $"{count}] is needed for {count} labels" : "…] of a known size is needed")}");
        (input, output, Length) = (only.Name, scores.Name, (int)found);
        Sizes = [.. scores.Shape.Skip(1)];
        fixedBatch = shape[0] > 0 ? shape[0] : null;
        Input = new(shape[1], shape[2], shape[3], resize);
    }

    public NetworkInput Input { get; }

    /// <summary>Numbers of each image.</summary>
    public int Length { get; }

    /// <summary>Sizes of the block that they are.</summary>
    public int[] Sizes { get; }

    /// <exception cref="InvalidDataException">It takes other channels than images have, and so only vectors.</exception>
    public void CheckTakesImages()
    {
        if (!Input.TakesImages)
            throw Refused($"takes {Input.Channels} channels, images have 1 (grey), 3 (RGB) or 4 (RGBA): vectors "
                + $"[{Input.Channels},{Input.Height},{Input.Width}] are needed");
    }

    /// <summary>The numbers of each row.</summary>
    /// <param name="rows">What <see cref="NetworkInput.Content"/> gave of each.</param>
    /// <exception cref="NotFiniteNumberException">The network gives something that is no number for an image; the message names the model
    /// and the node that it comes from.</exception>
    public float[][] Run(IReadOnlyList<object> rows) =>
        isAlone ? RunAlone(rows) : [.. rows.Chunk(fixedBatch ?? Math.Max(rows.Count, 1)).SelectMany(RunOnce)];

    public void Dispose() => session.Dispose();

    // Each image is at the first place of a run by one thread; several runs go on at once.
    float[][] RunAlone(IReadOnlyList<object> rows)
    {
        var numbers = new float[rows.Count][];
        try
        {
            Parallel.For(0, rows.Count, row => numbers[row] = RunOnce([rows[row]])[0]);
        }
        catch (AggregateException failures)
        {
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }
        return numbers;
    }

    float[][] RunOnce(object[] rows)
    {
        // Rows that only fill up a fixed batch are zeros, and their scores are left out below.
        var bytes = Block((fixedBatch ?? rows.Length) * Input.Length * sizeof(float));
        var size = Input.Length * sizeof(float);
        if (rows.Length == 1)
            Write(rows[0], 0);
        else
            Parallel.For(0, rows.Length, i => Write(rows[i], i));
        Tensor block = new(ElementType.Float, [bytes.Length / size, Input.Channels, Input.Height, Input.Width], bytes);
        var scores = session.Run(new Dictionary<string, Tensor> { [input] = block }, output)[0];
        for (var i = 0; i < rows.Length; i++)
            if (NonFinite.IsIn(scores.Elements<float>().Slice(i * Length, Length)))
                CheckNumbers(block, i);
        return [.. Enumerable.Range(0, rows.Length).Select(i => scores.Elements<float>().Slice(i * Length, Length).ToArray())];

        void Write(object row, int place) =>
            NetworkInput.Write(row, MemoryMarshal.Cast<byte, float>(bytes.Span.Slice(place * size, size)));
    }

    // Zeros; for sums that depend on their address, at one that registers like.
    Memory<byte> Block(int length)
    {
        const int register = 64;
        if (!isAlone)
            return new byte[length];
        var bytes = GC.AllocateArray<byte>(length + register, pinned: true);
        var past = (int)(Marshal.UnsafeAddrOfPinnedArrayElement(bytes, 0) % register);
        return bytes.AsMemory((register - past) % register, length);
    }

    // Not what an unreadable picture throws: a network that cannot be run is no fault of any row.
    static Session Opened(ReadOnlyMemory<byte> onnx, Graph? graph, SessionSettings settings, string name)
    {
        try
        {
            return graph is null ? new(onnx, settings) : Lowering.SessionOfFixed(graph, settings, onnx);
        }
        catch (NativeException refusal)
        {
            throw new NativeException($"{name}: the network cannot be run. {refusal.Message}", refusal);
        }
    }

    // Whether a network can be run that is not understood here, and what is wrong with it, ONNX Runtime says.
    static Graph? GraphOf(ReadOnlyMemory<byte> onnx)
    {
        try
        {
            return OnnxFile.Read(onnx).Graph;
        }
        catch (Exception exception) when (exception is GraphException or InvalidDataException)
        {
            return null;
        }
    }

    // Vectors of numbers may hold what is no number themselves, and then the network is not to blame.
    void CheckNumbers(Tensor block, int row)
    {
        var size = block.Shape.With(0, 1);
        var one = block.Elements<float>().Slice(row * (int)size.Length, (int)size.Length).ToArray();
        if (NonFinite.IsIn(one))
            return;
        var repeated = Enumerable.Repeat(one, fixedBatch ?? 1).SelectMany(numbers => numbers).ToArray();
        var node = NonFinite.FirstNode(onnx, input, Tensor.Of(block.Shape.With(0, fixedBatch ?? 1), repeated));
        throw new NotFiniteNumberException($"{name}: the network gives what is no number (NaN or infinity) for an image"
            + (node is null ? "" : $"; the first node whose output is not finite is {node}")
            + ". Its weights are damaged, or its numbers grow too large: export or train it again.");
    }

    InvalidDataException Refused(string found) => new($"{name}: the network {found}. Is it the right one?");
}
