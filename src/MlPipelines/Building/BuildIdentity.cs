using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using MlPipelines.Graphs.Onnx;

namespace MlPipelines;

/// <summary>What the trials of a build depend on: a build may go on from those of another where this is equal.</summary>
static class BuildIdentity
{
    /// <summary>A line for each thing.</summary>
    /// <param name="data">The images. Of files names and sizes count, of images in memory all pixels.</param>
    /// <param name="candidates">What is tried.</param>
    /// <param name="shares">Shares of the images that trials learn from.</param>
    /// <param name="seed">Seed of divisions and trainings.</param>
    public static string Of(ImageBuildData data, ImmutableArray<ImageCandidate> candidates, ImmutableArray<double> shares, int seed) =>
        string.Join('\n',
        [
            SavedStep.LibraryVersion, $"seed {seed}", $"images {data.Sizes}", $"learnt from {OfImages(data.Learnt)}",
            $"chosen by {OfImages(data.Validation)}", $"shares {string.Join(' ', shares)}",
            .. candidates.Select(one => $"{one.Name} {one.Recipe.Side} {one.Recipe.Resizing}"),
            .. candidates.Where(one => one.Recipe.Network is not null).DistinctBy(one => one.Recipe.Network!.Name).Select(OfNetwork), "",
        ]);

    static string OfImages(IDataView images)
    {
        if (images.Schema.FindText(RowSelection.PathColumn) is not null)
            return DataFingerprint.Of(images);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var line in images.Read(["Image", "Label"],
            row => $"{row["Label"]} {NetworkInput.ImageOf(row["Image"], "Image").ContentKey()}\n"))
            hash.AppendData(Encoding.UTF8.GetBytes(line));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    static string OfNetwork(ImageCandidate candidate)
    {
        var (side, (name, network)) = (candidate.Recipe.Side, candidate.Recipe.Network!);
        var file = OnnxFile.Write(network.Build(side, side, network.TakenChannels ?? 3).Initialize(0));
        return $"{name} {Convert.ToHexStringLower(SHA256.HashData(file))}";
    }
}
