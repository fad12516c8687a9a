using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Which versions of an image a classifier scores, and how much each counts in its prediction.</summary>
/// <remarks>The versions are the same for every image and every time, so that an image's scores do not
/// depend on what is scored with it.</remarks>
public abstract record TestTimeAugmentation
{
    /// <summary>The versions of an image of that size.</summary>
    public abstract ImmutableArray<ScoredVersion> Versions(ImageSize size);
}

/// <summary>A version of an image that is scored.</summary>
/// <param name="Change">What is done to the image, in the size that the network takes.</param>
/// <param name="Weight">Of its scores in the prediction; the weights of all versions sum to 1.</param>
public sealed record ScoredVersion(ImageChange Change, float Weight);
