namespace MlPipelines;

/// <summary>One file of CIFAR-10 or CIFAR-100: records of labels and pixels, plane by plane.</summary>
/// <remarks>Source: Krizhevsky, "Learning multiple layers of features from tiny images",
/// and the layout that its data sets' page describes.</remarks>
sealed class CifarBatch
{
    public const int Side = 32;
    const int Plane = Side * Side, Bytes = 3 * Plane;

    readonly byte[] data;
    readonly Func<int, int> pixelStart;
    readonly int stride;
    readonly string[] labels;

    CifarBatch(byte[] data, Func<int, int> pixelStart, int stride, string[] labels) =>
        (this.data, this.pixelStart, this.stride, this.labels) = (data, pixelStart, stride, labels);

    public int Count => labels.Length;

    public string Label(int record) => labels[record];

    /// <summary>The pixels, channels interleaved.</summary>
    public byte[] Pixels(int record)
    {
        var (pixels, start) = (new byte[Bytes], pixelStart(record));
        for (var i = 0; i < Plane; i++)
        {
            for (var c = 0; c < 3; c++)
                pixels[3 * i + c] = data[start + (c * Plane + i) * stride];
        }
        return pixels;
    }

    public static IReadOnlyList<CifarBatch> ReadAll(string path, DataPart part, bool coarse)
    {
        var folder = Known.Select(name => Path.Combine(path, name)).Prepend(path).FirstOrDefault(Holds) ?? path;
        string[] ten = part == DataPart.Train ? [.. Enumerable.Range(1, 5).Select(i => $"data_batch_{i}")] : ["test_batch"];
        var hundred = part == DataPart.Train ? "train" : "test";
        if (File.Exists(Path.Combine(folder, "batches.meta")))
            return [.. ten.Select(name =>
                Pickled(DataSetFile.Find(folder, "LoadFromCifar", name), "labels", Names(folder, "batches.meta", "label_names")))];
        if (File.Exists(Path.Combine(folder, "meta")))
            return [Pickled(DataSetFile.Find(folder, "LoadFromCifar", hundred), coarse ? "coarse_labels" : "fine_labels",
                Names(folder, "meta", coarse ? "coarse_label_names" : "fine_label_names"))];
        if (File.Exists(Path.Combine(folder, "fine_label_names.txt")))
            return [Binary(DataSetFile.Find(folder, "LoadFromCifar", hundred + ".bin"), 2, coarse ? 0 : 1,
                Lines(folder, coarse ? "coarse_label_names.txt" : "fine_label_names.txt"))];
        var names = Lines(folder, "batches.meta.txt");
        return [.. ten.Select(name => Binary(DataSetFile.Find(folder, "LoadFromCifar", name + ".bin"), 1, 0, names))];
    }

    static readonly string[] Known = ["cifar-10-batches-bin", "cifar-10-batches-py", "cifar-100-binary", "cifar-100-python"];

    static readonly string[] NameFiles = ["batches.meta", "batches.meta.txt", "meta", "fine_label_names.txt"];

    static bool Holds(string folder) => NameFiles.Any(name => File.Exists(Path.Combine(folder, name)));

    static string[] Lines(string folder, string name) =>
        [.. File.ReadLines(DataSetFile.Find(folder, "LoadFromCifar", name)).Select(line => line.Trim()).Where(line => line.Length > 0)];

    static CifarBatch Binary(string file, int labelBytes, int labelAt, string[] names)
    {
        var (data, record) = (File.ReadAllBytes(file), labelBytes + Bytes);
        if (data.Length == 0 || data.Length % record != 0)
            throw new InvalidDataException($"{file}: has {data.Length} bytes, a multiple of {record} is needed. Fetch it again.");
        var labels = Enumerable.Range(0, data.Length / record).Select(i => Name(file, names, data[i * record + labelAt], i));
        return new(data, i => i * record + labelBytes, 1, [.. labels]);
    }

    static CifarBatch Pickled(string file, string labelsKey, string[] names)
    {
        var batch = Dictionary(file);
        if (batch.GetValueOrDefault("data") is not PickledArray { Shape: [var rows, Bytes] } array)
            throw new InvalidDataException($"{file}: its 'data' is no array of [N, {Bytes}] bytes. Fetch it again.");
        if (batch.GetValueOrDefault(labelsKey) is not List<object?> labels || labels.Count != rows)
            throw new InvalidDataException($"{file}: its '{labelsKey}' is no list of {rows} numbers. Fetch it again.");
        var classes = labels.Select((label, i) => Name(file, names, label is long number ? number : -1, i));
        // Column-major, byte b of record i lies at b · rows + i.
        return new(array.Data, array.ColumnMajor ? i => i : i => i * Bytes, array.ColumnMajor ? rows : 1, [.. classes]);
    }

    static string[] Names(string folder, string name, string key)
    {
        var file = Path.Combine(folder, name);
        return Dictionary(file).GetValueOrDefault(key) is List<object?> names && names.All(entry => entry is string)
            ? [.. names.Cast<string>()]
            : throw new InvalidDataException($"{file}: its '{key}' is no list of names. Fetch it again.");
    }

    static Dictionary<string, object?> Dictionary(string file) => Pickle.Read(File.ReadAllBytes(file), file) as Dictionary<string, object?>
        ?? throw new InvalidDataException($"{file}: holds no dictionary, a batch of CIFAR is one. Is it another file?");

    static string Name(string file, string[] names, long label, int record) => label >= 0 && label < names.Length ? names[label]
        : throw new InvalidDataException(
            $"{file}: record {record} has the label {label}, labels from 0 to {names.Length - 1} have names. Fetch it again.");
}
