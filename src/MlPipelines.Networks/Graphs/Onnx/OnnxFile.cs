using System.Text;
using Google.Protobuf;
using MlPipelines.Graphs.Onnx.Wire;

namespace MlPipelines.Graphs.Onnx;

/// <summary>Graphs as ONNX files: written in opset 17, read from opset 7 on.</summary>
public static class OnnxFile
{
    /// <summary>The graph as the bytes of an ONNX file.</summary>
    /// <param name="graph">The graph; its parameters have their values, unless they are written as inputs.</param>
    /// <param name="metadata">Texts to store beside the graph.</param>
    /// <param name="parametersAsInputs">Writes parameters as further inputs of the graph instead of storing their values.</param>
    /// <exception cref="GraphException">A parameter has no value yet, or the weights exceed 2 GB.</exception>
    public static byte[] Write(Graph graph, IReadOnlyDictionary<string, string>? metadata = null, bool parametersAsInputs = false)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return ModelWriter.Write(graph, metadata, parametersAsInputs).ToByteArray();
    }

    /// <summary>Saves the graph as an ONNX file; a file of that name is replaced only once the new one is whole.</summary>
    /// <inheritdoc cref="Write"/>
    public static void Save(Graph graph, string path, IReadOnlyDictionary<string, string>? metadata = null,
        bool parametersAsInputs = false) =>
        AtomicFile.Write(path, Write(graph, metadata, parametersAsInputs));

    /// <summary>Reads an ONNX file; weights may lie in further files inside its folder.</summary>
    /// <exception cref="InvalidDataException">The file is no ONNX model, is cut short, or its weights cannot be read.</exception>
    /// <exception cref="GraphException">The graph has an unknown operator, a cycle, or values that do not fit.</exception>
    public static OnnxModel Read(string path) =>
        Read(Bytes(path), path, FolderOf(path), null);

    /// <summary>Reads only what one value of an ONNX file depends on, so that what lies behind it may be anything.</summary>
    /// <param name="path">The file.</param>
    /// <param name="output">The value; when left out the file's only output.</param>
    /// <exception cref="InvalidDataException">The file is no ONNX model, has no such value,
    /// or several outputs of which none is named.</exception>
    /// <exception cref="GraphException">The value depends on an unknown operator, on itself, or on values that do not fit.</exception>
    public static OnnxModel ReadUpTo(string path, string? output) =>
        Read(Bytes(path), path, FolderOf(path), outputs => output ?? (outputs is [var only] ? only
            : throw new InvalidDataException($"{path}: has {outputs.Count} outputs ({string.Join(", ", outputs)}), one is needed. Is it a "
                + $"network for detection? Name the value to use, an inner one if need be: {Source.UpTo(outputs[0])}.")));

    /// <summary>Reads the bytes of an ONNX file.</summary>
    /// <param name="bytes">The whole file; weights are parts of it, so that nobody writes to it any more.</param>
    /// <param name="name">What error messages call it.</param>
    /// <inheritdoc cref="Read(string)"/>
    public static OnnxModel Read(ReadOnlyMemory<byte> bytes, string name = "model") => Read(bytes, name, null, null);

    static byte[] Bytes(string path)
    {
        if (Directory.Exists(path))
            throw new InvalidDataException($"{path}: is a folder, needs an ONNX file. Name the file in it.");
        if (new FileInfo(path) is { Exists: true, Length: > int.MaxValue } file)
            throw new InvalidDataException($"{path}: has {file.Length} bytes; an ONNX file has at most {int.MaxValue}, further weights "
                + "lie beside it. Is it another kind of file?");
        return LargeArrays.Read(path);
    }

    /// <summary>What is said of bytes that are no model: what is often found in its place is a page that says why a download failed, or
    /// where large files lie.</summary>
    /// <param name="head">The first of them, at least <see cref="HeadBytes"/> where there are as many.</param>
    /// <param name="length">How many there are.</param>
    /// <param name="name">What messages call them.</param>
    /// <param name="cause">What found it out.</param>
    internal static InvalidDataException NoModel(ReadOnlySpan<byte> head, long length, string name, Exception? cause = null) =>
        new($"{name}: {length} bytes {Found(head[..Math.Min(head.Length, HeadBytes)])}", cause);

    internal const int HeadBytes = 40;

    static string Found(ReadOnlySpan<byte> head)
    {
        var start = Encoding.ASCII.GetString(head);
        if (start.StartsWith("version https://git-lfs", StringComparison.Ordinal))
            return "that are no ONNX model but a note of Git where it lies. Fetch it: git lfs pull.";
        var isText = head.Length > 0
            && head.IndexOfAnyExceptInRange((byte)' ', (byte)'~') is var end
            && (end < 0 || end > 3 && head[end] is (byte)'\n' or (byte)'\r');
        return isText ? $"that are no ONNX model but a text, \"{start.Split('\r', '\n')[0]}\". Fetch or export it again."
            : "that are no ONNX model, or one that was cut short. Fetch or export it again.";
    }

    static string? FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path));

    static OnnxModel Read(ReadOnlyMemory<byte> bytes, string name, string? folder, Func<IReadOnlyList<string>, string>? choose)
    {
        ModelProto model;
        try
        {
            model = ModelBytes.Parse(bytes);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw NoModel(bytes.Span, bytes.Length, name, exception);
        }
        if (model.Graph is null || model.OpsetImport.Count == 0)
            throw new InvalidDataException($"{name}: {bytes.Length} bytes that hold "
                + $"no {(model.Graph is null ? "graph" : "operator set version")}, so this is no ONNX model, or one that was cut short. "
                + "Fetch or export it again.");
        return new ModelReader(model, name, folder).Read(choose);
    }
}
