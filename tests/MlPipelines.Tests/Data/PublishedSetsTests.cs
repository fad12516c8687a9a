using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MlPipelines.Tests.Data;

public sealed class PublishedSetsTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly DataOperationsCatalog data = new MLContext(seed: 1).Data;

    public void Dispose() => folder.Dispose();

    static byte[] Idx(int[] sizes, byte[] content)
    {
        var file = new byte[4 + 4 * sizes.Length + content.Length];
        (file[2], file[3]) = (8, (byte)sizes.Length);
        for (var i = 0; i < sizes.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 + 4 * i), sizes[i]);
        content.CopyTo(file, 4 + 4 * sizes.Length);
        return file;
    }

    static byte[] Zipped(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var zip = new GZipStream(stream, CompressionLevel.Fastest))
            zip.Write(bytes);
        return stream.ToArray();
    }

    [Theory]
    [InlineData("train-images-idx3-ubyte", "train-labels-idx1-ubyte", false)]
    [InlineData("train-images.idx3-ubyte", "train-labels.idx1-ubyte", false)]
    [InlineData("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", true)]
    public void Mnist_is_read_under_its_names_zipped_or_not(string images, string labels, bool zip)
    {
        var (imageFile, labelFile) = (Idx([2, 2, 3], [.. Enumerable.Range(0, 12).Select(i => (byte)i)]), Idx([2], [7, 3]));
        folder.Write(images, zip ? Zipped(imageFile) : imageFile);
        folder.Write(labels, zip ? Zipped(labelFile) : labelFile);
        var view = data.LoadFromMnist(folder.Path);
        Assert.Equal(["7", "3"], view.GetColumn<string>("Label"));
        var image = view.Images().Last();
        Assert.Equal((3, 2, 1), (image.Width, image.Height, image.Channels));
        Assert.Equal([6, 7, 8, 9, 10, 11], image.Pixels.ToArray());
        Assert.Equal("sneaker",
            data.LoadFromMnist(folder.Path, DataPart.Train, "a", "b", "c", "bag", "d", "e", "f", "sneaker").GetColumn<string>("Label")
            .First());
    }

    [Theory]
    [InlineData(new[] { 3, 2, 3 }, 12, "its header promises 3×2×3 = 18 bytes, there are 12")]
    [InlineData(new[] { 1, 2, 3 }, 12, "its header promises 1×2×3 = 6 bytes, there are more")]
    [InlineData(new[] { int.MaxValue, int.MaxValue, int.MaxValue }, 12,
        "its header promises 2147483647×2147483647×2147483647 bytes, sizes from")]
    [InlineData(new[] { 2_000_000_000, 1, 1 }, 12, "its header promises 2000000000×1×1 = 2000000000 bytes, there are 12")]
    [InlineData(new[] { -1, 2, 3 }, 12, "its header promises -1×2×3 bytes, sizes from")]
    [InlineData(new[] { 12 }, 12, "begins with 00000801, an IDX file of bytes with 3 dimensions begins with 00000803")]
    public void A_lying_header_is_refused_by_name_and_costs_no_memory(int[] sizes, int bytes, string reason)
    {
        var file = folder.Write("t10k-images-idx3-ubyte", Idx(sizes, new byte[bytes]));
        folder.Write("t10k-labels-idx1-ubyte", Idx([2], [0, 0]));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.StartsWith($"{file}: {reason}",
            Assert.Throws<InvalidDataException>(() => data.LoadFromMnist(folder.Path, DataPart.Test)).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50_000_000);
    }

    [Fact]
    public void A_zip_cut_short_and_a_missing_file_are_named()
    {
        var dice = Dice.For(1);
        var file = folder.Write("train-images-idx3-ubyte.gz",
            Zipped(Idx([100, 28, 28], [.. Enumerable.Range(0, 78400).Select(_ => (byte)dice.Below(256))]))[..5000]);
        Assert.StartsWith($"LoadFromMnist: {folder.Path} holds train-images-idx3-ubyte.gz, train-labels-idx1-ubyte or ",
            Assert.Throws<FileNotFoundException>(() => data.LoadFromMnist(folder.Path)).Message);
        folder.Write("train-labels-idx1-ubyte", Idx([100], new byte[100]));
        Assert.StartsWith($"{file}: ", Assert.Throws<InvalidDataException>(() => data.LoadFromMnist(folder.Path)).Message);
    }

    // One record: red plane of 1, green plane of 2, blue plane of 3, the first pixel marked.
    static byte[] Record(byte label) => [label, 200, .. Plane(1), 201, .. Plane(2), 202, .. Plane(3)];

    static IEnumerable<byte> Plane(byte value) => Enumerable.Repeat(value, 1023);

    static void CheckCifar(IDataView view, params string[] labels)
    {
        Assert.Equal(labels, view.GetColumn<string>("Label"));
        var image = view.Images().Last();
        Assert.Equal((32, 32, 3), (image.Width, image.Height, image.Channels));
        Assert.Equal([200, 201, 202, 1, 2, 3], image.Pixels[..6].ToArray());
    }

    [Fact]
    public void Cifar_10_binary_is_read_from_its_folder_or_the_one_above()
    {
        folder.Write("cifar-10-batches-bin/batches.meta.txt", "cat\ndog\n\n"u8.ToArray());
        for (var i = 1; i <= 5; i++)
            folder.Write($"cifar-10-batches-bin/data_batch_{i}.bin", [.. Record((byte)(i % 2)), .. Record(0)]);
        CheckCifar(data.LoadFromCifar(folder.Path), "dog", "cat", "cat", "cat", "dog", "cat", "cat", "cat", "dog", "cat");
        Assert.StartsWith("LoadFromCifar: ",
            Assert.Throws<FileNotFoundException>(() => data.LoadFromCifar(folder.Path, DataPart.Test)).Message);
        var test = folder.Write("cifar-10-batches-bin/test_batch.bin", Record(1)[..3000]);
        Assert.Equal($"{test}: has 3000 bytes, a multiple of 3073 is needed. Fetch it again.",
            Assert.Throws<InvalidDataException>(() => data.LoadFromCifar(folder.Path, DataPart.Test)).Message);
        folder.Write("cifar-10-batches-bin/test_batch.bin", Record(9));
        Assert.Equal($"{test}: record 0 has the label 9, labels from 0 to 1 have names. Fetch it again.",
            Assert.Throws<InvalidDataException>(() => data.LoadFromCifar(folder.Path, DataPart.Test)).Message);
    }

    [Fact]
    public void Cifar_100_binary_has_fine_and_coarse_labels()
    {
        folder.Write("fine_label_names.txt", "apple\nbaby\n"u8.ToArray());
        folder.Write("coarse_label_names.txt", "fruit\npeople\n"u8.ToArray());
        folder.Write("test.bin", [1, .. Record(0)]);
        CheckCifar(data.LoadFromCifar(folder.Path, DataPart.Test), "apple");
        CheckCifar(data.LoadFromCifar(folder.Path, DataPart.Test, coarse: true), "people");
    }

    [Fact]
    public void Cifar_10_python_is_read_without_executing_it()
    {
        folder.Write("batches.meta",
            Encoding.Latin1.GetBytes("\u0080\u0002}q\u0001U\u000blabel_namesq\u0002]q\u0003(U\u0003catq\u0004U\u0003dogq\u0005es."));
        folder.Write("test_batch", Pickled(Record(1)[1..]));
        CheckCifar(data.LoadFromCifar(folder.Path, DataPart.Test), "dog");
        var evil = folder.Write("test_batch", Encoding.Latin1.GetBytes("\u0080\u0002cos\nsystem\nq\u0001U\u0004true\u0085R."));
        Assert.StartsWith($"{evil}: holds the name 'os.system' at byte 2,",
            Assert.Throws<InvalidDataException>(() => data.LoadFromCifar(folder.Path, DataPart.Test)).Message);
    }

    [Fact]
    public void A_folder_that_holds_something_else_says_what_is_needed()
    {
        folder.Write("notes.txt");
        Assert.Contains("holds notes.txt, batches.meta.txt is needed",
            Assert.Throws<FileNotFoundException>(() => data.LoadFromCifar(folder.Path)).Message);
        Assert.Contains("is no folder",
            Assert.Throws<DirectoryNotFoundException>(() => data.LoadFromMnist(Path.Combine(folder.Path, "no"))).Message);
    }

    // As Python 2 with NumPy wrote it: {'data': uint8 array [1, 3072], 'labels': [1]}.
    static byte[] Pickled(byte[] pixels) =>
    [
        .. Encoding.Latin1.GetBytes(
            "\u0080\u0002}q\u0001(U\u0004dataq\u0002cnumpy.core.multiarray\n_reconstruct\nq\u0003cnumpy\nndarray\n"
            + "q\u0004K\u0000\u0085U\u0001b\u0087Rq\u0005(K\u0001K\u0001M\u0000\u000c\u0086"
            + "cnumpy\ndtype\nq\u0006U\u0002u1K\u0000K\u0001\u0087Rq\u0007"
            + "(K\u0003U\u0001|NNNJ\u00ff\u00ff\u00ff\u00ffJ\u00ff\u00ff\u00ff\u00ffK\u0000tb\u0089T"),
        0, 12, 0, 0, .. pixels, .. Encoding.Latin1.GetBytes("tbU\u0006labelsq\u0008]q\u0009K\u0001au."),
    ];
}
