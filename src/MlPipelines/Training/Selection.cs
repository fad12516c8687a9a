using System.Globalization;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>What of a training is kept in the end.</summary>
/// <param name="State">Weights and all else by name; null for the head alone.</param>
/// <param name="Epoch">Number of the epoch that it is of, from 1.</param>
/// <param name="Words">Which epoch of which phase that is, and the figure it was chosen by.</param>
sealed record Selection(Dictionary<string, Tensor>? State, int Epoch, string? Words)
{
    /// <summary>Chance that so many more samples come out right without there being a gain, above which the head is preferred.</summary>
    const double Doubt = 0.1;

    /// <summary>The better of the head and the best epoch, by the samples that are watched; null where nothing is chosen.</summary>
    /// <param name="history">All epochs.</param>
    /// <param name="head">The classifier alone; null where it was not solved before the first step.</param>
    /// <param name="best">The best epoch that was learnt in steps; null for none.</param>
    /// <param name="options">What is watched.</param>
    /// <param name="plan">The phases.</param>
    /// <remarks>The network has to be clearly better than the head: where few samples are watched, a difference may be chance.</remarks>
    public static Selection? Of(IReadOnlyList<EpochMetrics> history, KeptState? head, KeptState? best, LearningOptions options,
        TrainingPlan plan)
    {
        EpochMetrics[] steps = [.. history.Skip(head is null ? 0 : 1)];
        if (steps.Length == 0)
            return head is null ? null : new(null, 1, $"{Name(history[0], plan)}, before anything else was learnt");
        if (best is null || options.EarlyStoppingCriteria is not { } stopping)
            return null;
        var chosen = steps[stopping.Best(steps) - 1];
        if (head is null || best.Right.Count == 0)
            return new(best.State, chosen.Epoch, $"{Name(chosen, plan)}: {Figure(chosen, best)}");
        return IsClearlyBetter(best.Right, head.Right)
            ? new(best.State, chosen.Epoch, $"{Name(chosen, plan)}: {Figure(chosen, best)}, the head alone {Share(head)}")
            : new(null, 1, $"{Name(history[0], plan)}, solved again from all images: {Figure(history[0], head)}, "
                + $"the whole network at best {Share(best)} (epoch {chosen.Epoch}), which is no clear gain");
    }

    /// <summary>Whether one is right more often than another on the same samples, and hardly by chance: of the samples on which they
    /// differ, a coin would give it so many with a probability of at most a tenth.</summary>
    /// <remarks>Source: McNemar 1947, exact and one-sided.</remarks>
    internal static bool IsClearlyBetter(IReadOnlyList<bool> one, IReadOnlyList<bool> other)
    {
        var pairs = one.Zip(other).ToArray();
        var (won, lost) = (pairs.Count(pair => pair is (true, false)), pairs.Count(pair => pair is (false, true)));
        return won > lost && SignTest.OneSided(won, lost) <= Doubt;
    }

    static string Name(EpochMetrics epoch, TrainingPlan plan) => $"epoch {epoch.Epoch} of {plan.Epochs}" + epoch.Phase switch
    {
        TrainingPlan.Head => " (the head alone)",
        TrainingPlan.WholeNetwork => " (the whole network)",
        _ => "",
    };

    static string Figure(EpochMetrics epoch, KeptState state) => state.Right.Count > 0
        ? $"{Share(state)} of {state.Right.Count} watched images right"
        : string.Create(CultureInfo.InvariantCulture, $"{epoch.Accuracy:0.0%} of the images learnt from right, none are watched");

    static string Share(KeptState state) =>
        string.Create(CultureInfo.InvariantCulture, $"{(double)state.Right.Count(right => right) / state.Right.Count:0.0%}");
}
