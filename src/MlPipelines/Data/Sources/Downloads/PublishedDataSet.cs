using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>A data set as its authors publish it: its files, how each is known, and where they lie.</summary>
/// <param name="Name">Short name, as the command line knows it.</param>
/// <param name="Addresses">Folders on the network that hold the files, the authors' first; each ends with '/'.
/// The next one is asked when one fails.</param>
/// <param name="Files">What is fetched.</param>
/// <remarks>
/// SHA-256 and sizes are those that TensorFlow Datasets keeps (<c>url_checksums</c>) and that at least one other project of its own pins;
/// those of MNIST are of the IDX files without gzip,
/// so that whoever zipped them again has the same data. The authors publish MD5 alone, of CIFAR and Fashion-MNIST.
/// </remarks>
public sealed record PublishedDataSet(string Name, ImmutableArray<Uri> Addresses, ImmutableArray<PublishedFile> Files)
{
    /// <inheritdoc cref="PublishedDataSet" path="/param[@name='Name']"/>
    public string Name { get; } = Check.Named(Name);

    /// <inheritdoc cref="PublishedDataSet" path="/param[@name='Addresses']"/>
    public ImmutableArray<Uri> Addresses { get; } = !Addresses.IsDefaultOrEmpty && Addresses.All(DownloadOptions.IsFolder) ? Addresses
        : throw new ArgumentException($"Addresses: got {(Addresses.IsDefaultOrEmpty ? "none" : string.Join(", ", Addresses))}, needs at "
            + "least one of http or https that ends with '/'.", nameof(Addresses));

    /// <inheritdoc cref="PublishedDataSet" path="/param[@name='Files']"/>
    public ImmutableArray<PublishedFile> Files { get; } = Files.IsDefaultOrEmpty
        ? throw new ArgumentException("Files: got none, needs at least one.", nameof(Files)) : Files;

    /// <summary>60,000 pictures of 10 classes, 32×32, in the binary version; for <c>LoadFromCifar</c>. Source: Krizhevsky, 2009.</summary>
    public static PublishedDataSet Cifar10 { get; } = new("cifar10", [new("https://www.cs.toronto.edu/~kriz/")],
        [new("cifar-10-binary.tar.gz", 170_052_171,
            "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd") { Folder = "cifar-10-batches-bin" }]);

    /// <summary>60,000 pictures of 100 classes, 32×32, in the binary version; for <c>LoadFromCifar</c>. Source: Krizhevsky, 2009.</summary>
    public static PublishedDataSet Cifar100 { get; } = new("cifar100", [new("https://www.cs.toronto.edu/~kriz/")],
        [new("cifar-100-binary.tar.gz", 168_513_733,
            "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec") { Folder = "cifar-100-binary" }]);

    /// <summary>70,000 handwritten digits, 28×28, grey; for <c>LoadFromMnist</c>. Source: LeCun, Cortes, Burges, 1998; their page and the
    /// copy of the Common Visual Data Foundation.</summary>
    public static PublishedDataSet Mnist { get; } = new("mnist",
        [new("http://yann.lecun.com/exdb/mnist/"), new("https://storage.googleapis.com/cvdf-datasets/mnist/")],
    [
        new("train-images-idx3-ubyte.gz", 9_912_422,
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db") { Unzipped = true },
        new("train-labels-idx1-ubyte.gz", 28_881, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5") { Unzipped = true },
        new("t10k-images-idx3-ubyte.gz", 1_648_877, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7") { Unzipped = true },
        new("t10k-labels-idx1-ubyte.gz", 4_542, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2") { Unzipped = true },
    ]);

    /// <summary>70,000 pictures of clothes in 10 classes, 28×28, grey; for <c>LoadFromMnist</c>. Source: Xiao, Rasul,
    /// Vollgraf, arXiv:1708.07747.</summary>
    public static PublishedDataSet FashionMnist { get; } = new("fashion-mnist",
        [new("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/")],
    [
        new("train-images-idx3-ubyte.gz", 26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
        new("train-labels-idx1-ubyte.gz", 29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
        new("t10k-images-idx3-ubyte.gz", 4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
        new("t10k-labels-idx1-ubyte.gz", 5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
    ]);

    /// <summary>All data sets known by name.</summary>
    public static ImmutableArray<PublishedDataSet> All => [Cifar10, Cifar100, Mnist, FashionMnist];
}

/// <summary>One file of a published data set.</summary>
/// <param name="Name">Its name at the address and on disk.</param>
/// <param name="Bytes">Its size as published, at least 1.</param>
/// <param name="Sha256">SHA-256 of its bytes, 64 hexadecimal digits.</param>
public sealed record PublishedFile(string Name, long Bytes, string Sha256)
{
    /// <inheritdoc cref="PublishedFile" path="/param[@name='Name']"/>
    public string Name { get; } = Check.Named(Name) == Path.GetFileName(Name) ? Name
        : throw new ArgumentException($"Name: got '{Name}', needs a file name without a folder.", nameof(Name));
    /// <inheritdoc cref="PublishedFile" path="/param[@name='Bytes']"/>
    public long Bytes { get; } = Check.AtLeast(Bytes, 1);

    /// <inheritdoc cref="PublishedFile" path="/param[@name='Sha256']"/>
    public string Sha256 { get; } = Sha256 is { Length: 64 } && Sha256.All(char.IsAsciiHexDigit) ? Sha256.ToLowerInvariant()
        : throw new ArgumentException($"Sha256: got '{Sha256}', needs 64 hexadecimal digits.", nameof(Sha256));

    /// <summary>True when <see cref="Sha256"/> is that of the bytes without gzip, so that any gzip of them will do.</summary>
    public bool Unzipped { get; init; }

    /// <summary>For an archive, the one folder in it, which is unpacked; null for a file that is used as it is.</summary>
    public string? Folder { get; init; }

    /// <summary>The most bytes that are taken of it: one zipped by somebody else may be a little larger.</summary>
    internal long Most => Unzipped ? 2 * Bytes + 65536 : Bytes;
}
