using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using System.Text;
using MlPipelines.Execution;

namespace MlPipelines.Cli;

/// <summary>All images of a command, of which a share is taken.</summary>
/// <param name="Rows">Their paths and labels.</param>
/// <param name="Paths">Their paths.</param>
/// <param name="SourceOf">The folder, archive or table that an image is listed by; empty for none.</param>
/// <param name="Failures">What is said of names that lead to no image.</param>
sealed record ShardedImages(IDataView Rows, ImmutableArray<string> Paths, Func<int, string> SourceOf, ImmutableArray<string> Failures)
{
    public static ShardedImages Of(NamedPictures pictures) => new(new SourceView(pictures.Count,
        SourceColumn.Text(RowSelection.PathColumn, row => pictures.Images.Paths[(int)row]), SourceColumn.Text("Label", _ => "")),
        pictures.Images.Paths, row => pictures.Images.Sources[row], pictures.Failures);

    public static ShardedImages Of(LabelledImages images) =>
        new(images, [.. images.Rows(RowSelection.PathColumn).Select(row => row.Get<string>(RowSelection.PathColumn))],
            _ => images.Path, []);

    /// <summary>Places of the rows of a share.</summary>
    public ImmutableArray<int> PlacesOf(Shard shard) =>
        [.. Enumerable.Range(0, Paths.Length).Where(row => shard.Holds(Shard.IdOf(Paths[row], SourceOf(row))))];

    /// <summary>A text that changes with names, places, labels, sizes and order of the images, and with the size of the archives and tables
    /// that list them. Contents are not read.</summary>
    /// <param name="listedBy">The table or archive that lists all; null where images say so themselves.</param>
    public string Fingerprint(string? listedBy)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(DataFingerprint.Of(Rows));
        foreach (var path in Paths)
            Append(path);
        foreach (var file in Enumerable.Range(0, Paths.Length).Select(SourceOf).Append(listedBy ?? "").Distinct().Where(File.Exists))
            Append($"{file}\0{new FileInfo(file).Length}");
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append(string text) => hash.AppendData(Encoding.UTF8.GetBytes($"{text}\n"));
    }
}

/// <summary>Scores one share of a command's images into its part, or leaves the part that is there.</summary>
/// <param name="terminal">Where it says what is done.</param>
/// <param name="sharding">The share and the command line.</param>
/// <param name="folder">The folder of the parts.</param>
/// <param name="model">What scores.</param>
sealed class ShardRun(Terminal terminal, ShardSettings sharding, OutputPlace folder, ModelFile model)
{
    /// <summary>Scores the share.</summary>
    /// <param name="images">All images.</param>
    /// <param name="listedBy">The table, archive or folder that lists all; null where they are named.</param>
    /// <param name="numbers">Column of what is computed.</param>
    /// <param name="score">The rows at some places, scored.</param>
    /// <exception cref="InvalidDataException">There is a part of another whole.</exception>
    public int Run(ShardedImages images, string? listedBy, string numbers, Func<ImmutableArray<int>, IDataView> score)
    {
        var shard = sharding.Shard!.Value;
        var path = Path.Combine(folder.Path, ShardPart.NameOf(shard));
        var header = HeaderOf(shard, images, listedBy);
        if (Whole(path, header) is { } whole)
        {
            terminal.Line($"{path}: is there and whole ({Counted.Of(whole.Rows, "image")}), so that nothing is done");
            return ExitCode.Success;
        }
        var places = images.PlacesOf(shard);
        var scored = score(places);
        var failed = terminal.Watch("scoring", places.Length, bar => ScoredShard.Write(path, header, scored, numbers,
            row => terminal.Error(row.ToString()), (bar.Counting("scoring"), terminal.Cancellation)));
        terminal.Line($"written: {Path.GetFullPath(path)} ({places.Length} of {Counted.Of(images.Paths.Length, "image")}"
            + $"{(failed > 0 ? $", {failed} of them not readable" : "")})");
        return ExitCode.Success;
    }

    ShardPart? Whole(string path, ShardHeader header)
    {
        if (!File.Exists(path))
            return null;
        ShardPart part;
        try
        {
            part = ShardPart.Open(path);
        }
        catch (InvalidDataException damage)
        {
            terminal.Error($"warning: {damage.Message} It is computed anew.");
            return null;
        }
        return part.Header.Difference(header) is not { } difference ? part : throw new InvalidDataException(
            $"{path}: {difference}. Choose another folder with {OutputPlace.UsualOption}, or take this part away.");
    }

    ShardHeader HeaderOf(Shard shard, ShardedImages images, string? listedBy) => new()
    {
        Words = sharding.Words,
        Number = shard.Number,
        Count = shard.Count,
        WholeRows = images.Paths.Length,
        Model = ModelHash(),
        Data = images.Fingerprint(listedBy),
        Software = $"mlpipe {SavedStep.LibraryVersion} with ONNX Runtime {OnnxRuntime.Version}",
        Processor = Processor(),
        Options = sharding.Options,
        Directory = Environment.CurrentDirectory,
        Failures = images.Failures,
    };

    string ModelHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in new[] { model.FilePath, model.Labels }.OfType<string>())
        {
            using var file = File.OpenRead(path);
            hash.AppendData(SHA256.HashData(file));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // ONNX Runtime and the decoders choose their kernels by these.
    static string Processor() => $"{RuntimeInformation.ProcessArchitecture}"
        + (Avx512F.IsSupported ? " with AVX-512" : Avx2.IsSupported ? " with AVX2" : "");
}
