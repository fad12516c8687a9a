using System.Buffers.Binary;
using System.Formats.Tar;

namespace MlPipelines.Tests.Data.Sources;

public sealed class PublishedDataSetTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly DataOperationsCatalog data = new MLContext(seed: 1).Data;

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Names() => [.. PublishedDataSet.All.Select(set => set.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Each_set_is_whole(string name)
    {
        var set = PublishedDataSet.All.Single(set => set.Name == name);
        Assert.Equal(set.Files.Length, set.Files.Select(file => file.Sha256).Distinct().Count());
        Assert.All(set.Files, file => Assert.Equal(file.Name.EndsWith(".tar.gz", StringComparison.Ordinal), file.Folder is not null));
        Assert.All(set.Files, file => Assert.False(file.Unzipped && file.Folder is not null));
    }

    [Fact]
    public void A_set_is_checked_when_it_is_made()
    {
        var file = PublishedDataSet.Mnist.Files[0];
        Assert.Throws<ArgumentException>(() => new PublishedFile("../x", 1, file.Sha256));
        Assert.Throws<ArgumentException>(() => new PublishedFile("x", 1, "abc"));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PublishedFile("x", 0, file.Sha256));
        Assert.Throws<ArgumentException>(() => new PublishedDataSet("x", [new("http://host/folder")], [file]));
        Assert.Throws<ArgumentException>(() => new PublishedDataSet("x", [], [file]));
        Assert.Throws<ArgumentException>(() => new PublishedDataSet("x", [new("http://host/")], []));
    }

    [Fact]
    public void A_tiny_cifar_comes_through_the_net_and_is_read()
    {
        var archive = Packing.Gzip(Packing.Tar(Cifar()));
        var set = Set(archive);
        using var server = Serve(archive);
        Assert.Equal([Archive, Unpacked],
            data.Download(set, folder.Path, new() { From = server.Address }, TestContext.Current.CancellationToken));
        Assert.Equal(["cat", "dog", "cat", "dog", "cat"], data.LoadFromCifar(folder.Path).GetColumn<string>("Label"));
        Assert.Equal([7, 7, 7], data.LoadFromCifar(folder.Path, DataPart.Test).Images().Single().Pixels[..3].ToArray());
        Assert.Empty(data.Download(set, folder.Path, new() { From = server.Address }, TestContext.Current.CancellationToken));
        Assert.Single(server.Requests);

        File.Delete(Archive);
        Assert.Empty(data.Download(set, folder.Path, new() { From = server.Address }, TestContext.Current.CancellationToken));
        Assert.Single(server.Requests);
        Assert.Equal(["cifar-10-batches-bin"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void A_file_that_changed_after_unpacking_is_found_and_not_touched()
    {
        var archive = Packing.Gzip(Packing.Tar(Cifar()));
        folder.Write("tiny.tar.gz", archive);
        using var server = Serve(archive);
        data.Download(Set(archive), folder.Path, new() { From = server.Address }, TestContext.Current.CancellationToken);
        Assert.Empty(server.Requests);
        var batch = folder.Write("cifar-10-batches-bin/test_batch.bin", 1, 2, 3);
        Assert.StartsWith($"{batch}: differs from tiny.tar.gz.",
            Assert.Throws<InvalidDataException>(() => data.Download(Set(archive), folder.Path)).Message);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(batch));
        File.Delete(batch);
        Assert.StartsWith($"{batch}: is missing, it is in tiny.tar.gz.",
            Assert.Throws<InvalidDataException>(() => data.Download(Set(archive), folder.Path)).Message);
        folder.Write("cifar-10-batches-bin/source.json", "{}"u8.ToArray());
        Assert.Contains("is not the list of what tiny.tar.gz held",
            Assert.Throws<InvalidDataException>(() => data.Download(Set(archive), folder.Path)).Message);
    }

    [Fact]
    public void A_folder_that_the_user_unpacked_is_kept_if_it_is_right()
    {
        var archive = Packing.Gzip(Packing.Tar(Cifar()));
        folder.Write("tiny.tar.gz", archive);
        foreach (var (name, content) in Cifar())
            folder.Write(name, content);
        var mine = folder.Write("cifar-10-batches-bin/notes.txt", 1);
        data.Download(Set(archive), folder.Path, cancellation: TestContext.Current.CancellationToken);
        Assert.True(File.Exists(mine));
        Assert.Empty(data.Download(Set(archive), folder.Path, cancellation: TestContext.Current.CancellationToken));

        File.Delete(Path.Combine(Unpacked, "source.json"));
        folder.Write("cifar-10-batches-bin/data_batch_3.bin", 9);
        Assert.Contains("data_batch_3.bin: differs from tiny.tar.gz",
            Assert.Throws<InvalidDataException>(() => data.Download(Set(archive), folder.Path)).Message);
        Assert.DoesNotContain(Directory.GetFileSystemEntries(folder.Path), path => path.EndsWith(".part", StringComparison.Ordinal));
    }

    [Fact]
    public void An_archive_with_something_beside_its_folder_leaves_nothing()
    {
        var archive = Packing.Gzip(Packing.Tar([.. Cifar(), ("other/x", [1])]));
        folder.Write("tiny.tar.gz", archive);
        Assert.Contains("holds other/x, the folder cifar-10-batches-bin and nothing else is needed",
            Assert.Throws<InvalidDataException>(() => data.Download(Set(archive), folder.Path)).Message);
        var link = Packing.Gzip(
            Packing.Tar(TarEntryFormat.Pax, Packing.Link(TarEntryType.SymbolicLink, "cifar-10-batches-bin/test_batch.bin", "/etc/passwd")));
        File.WriteAllBytes(Archive, link);
        Assert.Contains("is a link, so nothing is unpacked",
            Assert.Throws<InvalidDataException>(() => data.Download(Set(link), folder.Path)).Message);
        Assert.Equal([Archive], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_tiny_mnist_may_be_zipped_by_anybody_or_not_at_all()
    {
        var (images, labels) = (Idx([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]), Idx([2], [3, 1]));
        var set = new PublishedDataSet("tiny", [new("http://127.0.0.1:9/")],
        [
            new("train-images-idx3-ubyte.gz", 10, Packing.Sha256(images)) { Unzipped = true },
            new("train-labels-idx1-ubyte.gz", 10, Packing.Sha256(labels)) { Unzipped = true },
        ]);
        using var server = new LyingServer(asked =>
            LyingServer.Honest(asked,
                new Dictionary<string, byte[]>
                {
                    ["train-images-idx3-ubyte.gz"] = Packing.Gzip(images),
                    ["train-labels-idx1-ubyte.gz"] = labels,
                }));
        folder.Write("train-labels-idx1-ubyte", labels);
        Assert.EndsWith("train-images-idx3-ubyte.gz",
            Assert.Single(data.Download(set, folder.Path, new() { From = server.Address }, TestContext.Current.CancellationToken)));
        Assert.Equal(["3", "1"], data.LoadFromMnist(folder.Path).GetColumn<string>("Label"));
        Assert.Empty(data.Download(set, folder.Path, cancellation: TestContext.Current.CancellationToken));

        File.Delete(Path.Combine(folder.Path, "train-labels-idx1-ubyte"));
        Assert.Contains("has the SHA-256 of no gzip file",
            Assert.Throws<DownloadException>(() =>
                data.Download(set, folder.Path, new() { From = server.Address, PauseSeconds = 0 })).Message);
    }

    string Archive => Path.Combine(folder.Path, "tiny.tar.gz");

    string Unpacked => Path.Combine(folder.Path, "cifar-10-batches-bin");

    static PublishedDataSet Set(byte[] archive) =>
        new("tiny", [new("http://127.0.0.1:9/")],
            [new("tiny.tar.gz", archive.Length, Packing.Sha256(archive)) { Folder = "cifar-10-batches-bin" }]);

    static LyingServer Serve(byte[] archive) =>
        new(asked => LyingServer.Honest(asked, new Dictionary<string, byte[]> { ["tiny.tar.gz"] = archive }));

    static (string, byte[])[] Cifar() =>
    [
        ("cifar-10-batches-bin/batches.meta.txt", "cat\ndog\n"u8.ToArray()),
        .. Enumerable.Range(1, 5).Select(i => ($"cifar-10-batches-bin/data_batch_{i}.bin", Record((byte)((i + 1) % 2), (byte)i))),
        ("cifar-10-batches-bin/test_batch.bin", Record(1, 7)),
    ];

    static byte[] Record(byte label, byte value) => [label, .. Enumerable.Repeat(value, 3072)];

    static byte[] Idx(int[] sizes, byte[] content)
    {
        var head = new byte[4 + 4 * sizes.Length];
        (head[2], head[3]) = (8, (byte)sizes.Length);
        foreach (var (i, size) in sizes.Index())
            BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4 + 4 * i), size);
        return [.. head, .. content];
    }
}
