using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace MlPipelines;

/// <summary>A candidate that was tried: on how much, and how it did on the images that candidates are chosen by.</summary>
/// <param name="Number">Its place among the trials, from 1.</param>
/// <param name="Candidate">Name of the candidate.</param>
/// <param name="Rung">Its round, from 0; each round learns from more images than the one before.</param>
/// <param name="Share">Share of the images to learn from that it had, in (0, 1].</param>
public sealed record BuildTrial(int Number, string Candidate, int Rung, double Share)
{
    /// <summary>How many of the images that candidates are chosen by it names rightly.</summary>
    public int Right { get; init; }

    /// <summary>How many images candidates are chosen by.</summary>
    public int Count { get; init; }

    /// <summary>Mean negative natural logarithm of the true class's score on them.</summary>
    public double LogLoss { get; init; }

    /// <summary>How long it took.</summary>
    public double Seconds { get; init; }

    /// <summary>Share of those images named rightly.</summary>
    [JsonIgnore]
    public double Accuracy => (double)Right / Count;

    /// <summary>Where the accuracy lies with 95 % confidence. Of the best of many it is too high: the report of the build has pictures of
    /// its own.</summary>
    [JsonIgnore]
    public Interval AccuracyInterval => Interval.Wilson(Right, Count);
}

/// <summary>Where a trial stands in a search.</summary>
/// <param name="Candidate">Name of the candidate.</param>
/// <param name="Rung">Its round, from 0.</param>
readonly record struct TrialPlace(string Candidate, int Rung);

/// <summary>A trial as it is kept.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="PassedOver">What had been passed over when it was chosen, without which it might not have been.</param>
sealed record KeptTrial(BuildTrial Trial, ImmutableArray<TrialPlace> PassedOver);
