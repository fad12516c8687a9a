using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Scores several versions of each image in the same runs of a network, and averages.</summary>
sealed class VersionScoring(ImageNetwork network, TestTimeAugmentation augmentation)
{
    readonly ImmutableArray<ScoredVersion> versions = augmentation.Versions(new(network.Input.Width, network.Input.Height));

    /// <summary>How many versions an image has.</summary>
    internal int Count => versions.Length;

    /// <summary>What the network takes of each version, for one value of a feature column.</summary>
    internal object[] Contents(object value, string name)
    {
        var input = network.Input;
        var image = NetworkInput.ImageOf(value, name, keepsAlpha: input.TakesAlpha).Resize(input.Width, input.Height, input.Resize);
        return [.. versions.Select(version => input.Content(ImageChange.Apply(image, [version.Change]), name))];
    }

    /// <summary>The scores of each image.</summary>
    internal float[][] Score(IEnumerable<object[]> images) =>
        [.. network.Run([.. images.SelectMany(image => image)]).Chunk(Count).Select(Average)];

    float[] Average(float[][] scores)
    {
        var sum = new float[scores[0].Length];
        foreach (var (score, version) in scores.Zip(versions))
            for (var i = 0; i < sum.Length; i++)
                // In the order of the versions: the order of the sum fixes its bits.
                sum[i] += version.Weight * score[i];
        return sum;
    }
}
