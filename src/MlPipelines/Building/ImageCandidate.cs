namespace MlPipelines;

/// <summary>A recipe as a candidate: its work by products, its trials by the build.</summary>
/// <param name="recipe">How the classifier is made.</param>
/// <param name="sizes">How many images there are.</param>
/// <param name="work">Products for one picture, forwards.</param>
/// <param name="rehearse">Prepares its network, to run batches of so many pictures forwards; null for a network that has learnt
/// nothing.</param>
/// <param name="fit">Learns from a share of the images, and says how it does on those that candidates are chosen by.</param>
/// <param name="left">What trials have left.</param>
sealed class ImageCandidate(ImageRecipe recipe, PartSizes sizes, double work, Func<int, (Action Run, IDisposable Prepared)>? rehearse,
    Func<ImageRecipe, double, CancellationToken, TrialScore> fit, TrialModels left) : Candidate
{
    const int RehearsedPictures = 4;

    // Backwards, a step computes the gradients of what is learnt and of what is given on.
    const double StepPasses = 3, WatchedShare = 0.1, SolvingShare = 0.05;

    /// <summary>How the classifier is made.</summary>
    public ImageRecipe Recipe => recipe;

    /// <inheritdoc/>
    public override string Name => recipe.Name;

    /// <inheritdoc/>
    public override string Family => recipe.IsFromScratch ? "from scratch" : recipe.LearnsAtOnce ? "head" : "fine-tuned";

    /// <inheritdoc/>
    public override bool GainsLate => !recipe.LearnsAtOnce;

    string Kind => $"{recipe.Network?.Name} {recipe.Side} {(recipe.LearnsAtOnce ? "features" : "steps")}";

    // Heads of one network learn from the same features, which are computed once, unless pictures are changed for one.
    string Features => $"{recipe.Network?.Name} {recipe.Changes.Length}";

    /// <inheritdoc/>
    public override TrialCost CostOf(double share, IReadOnlyCollection<BuildTrial> finished) =>
        new(Kind, recipe.LearnsAtOnce ? OfHead(share * sizes.Learnt, finished) + Unknown(sizes.Validation, IsKnown(finished))
            : (share < 1 ? OfSteps(share * sizes.Learnt) : OfSteps(sizes.Learnt, sizes.Validation)) + work * sizes.Validation);

    /// <inheritdoc/>
    public override TrialCost CostOfEnd(IReadOnlyCollection<BuildTrial> finished) =>
        new(Kind, work * sizes.Test + (recipe.LearnsAtOnce ? OfHead(sizes.Rest, finished)
            : left.AreWhole && HasLeftModel ? 0 : OfSteps(sizes.Rest)));

    /// <inheritdoc/>
    public override TrialCost? CostOfOwnEnd => recipe.LearnsAtOnce ? null : new(Kind, work * sizes.Test);

    /// <inheritdoc/>
    public override bool HasLeftModel => left.Has(Name);

    /// <inheritdoc/>
    public override Rehearsal? Rehearsal() => rehearse?.Invoke(RehearsedPictures) is var (run, prepared)
        ? new(new(Kind, work * RehearsedPictures), run, prepared) : null;

    /// <inheritdoc/>
    public override TrialScore Try(double share, CancellationToken cancellation) => fit(recipe, share, cancellation);

    double OfHead(double pictures, IReadOnlyCollection<BuildTrial> finished)
    {
        var known = Same(finished).Select(trial => trial.Share * sizes.Learnt).DefaultIfEmpty(0).Max();
        var versions = recipe.Changes.Length > 0 ? ImageRecipe.Variants : 1;
        return work * (versions * Math.Max(0, pictures - known) + SolvingShare * versions * pictures);
    }

    double OfSteps(double pictures) => OfSteps((1 - WatchedShare) * pictures, WatchedShare * pictures);

    // Fine-tuning begins with a pass over all, from whose features its classifier is solved.
    double OfSteps(double learnt, double watched) =>
        work * (recipe.Epochs * (StepPasses * learnt + watched) + (recipe.FineTuneEpochs is null ? 0 : learnt + watched));

    double Unknown(double pictures, bool isKnown) => isKnown ? 0 : work * pictures;

    bool IsKnown(IReadOnlyCollection<BuildTrial> finished) =>
        finished.Any(trial => OfName.GetValueOrDefault(trial.Candidate) is { Recipe: { LearnsAtOnce: true } other }
            && other.Network?.Name == recipe.Network?.Name);

    IEnumerable<BuildTrial> Same(IReadOnlyCollection<BuildTrial> finished) => finished.Where(trial =>
        OfName.GetValueOrDefault(trial.Candidate) is { Recipe.LearnsAtOnce: true } other && other.Features == Features);

    /// <summary>All candidates of the build by their names, this one among them.</summary>
    public IReadOnlyDictionary<string, ImageCandidate> OfName { get; set; } = new Dictionary<string, ImageCandidate>();
}
