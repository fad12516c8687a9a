using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Which ways of making a classifier a build tries, by what pictures are like.</summary>
static class ImageRecipes
{
    const int FineTuneEpochs = 4, SmallSide = 128, LeastScratchSide = 32, MostScratchSide = 96, FewestForNeighbours = 50;

    /// <summary>All of them: heads and fine-tuning on each network, and small networks from scratch where pictures ask for it.</summary>
    /// <param name="look">What the pictures are like.</param>
    /// <param name="pictures">How many there are to learn from.</param>
    /// <param name="networks">What has learnt already.</param>
    public static IEnumerable<ImageRecipe> For(ImageLook look, long pictures, IEnumerable<BuildNetwork> networks)
    {
        var scratch = look.ReasonForScratch is null ? [] : FromScratch(look);
        return scratch.Concat(networks.SelectMany(network =>
            look.ReasonForScratch is null ? OnHeads(network, pictures).Concat(FineTuned(network)) : OnHeads(network, pictures)));
    }

    static IEnumerable<ImageRecipe> OnHeads(BuildNetwork network, long pictures)
    {
        yield return On(network, "linear head") with { Head = new LinearHead() };
        yield return On(network, "nearest mean") with { Head = new NearestClassMean() };
        if (pictures >= FewestForNeighbours)
            yield return On(network, "nearest neighbours") with { Head = new NearestNeighbours() };
        yield return On(network, "linear head, changed pictures") with { Head = new LinearHead(), Changes = ImageRecipe.UsualChanges };
    }

    static IEnumerable<ImageRecipe> FineTuned(BuildNetwork network)
    {
        int[] sides = network.Side > SmallSide && network.Takes(SmallSide) ? [SmallSide, network.Side] : [network.Side];
        foreach (var side in sides)
            yield return Tuned(network, side, "usual changes", ImageRecipe.UsualChanges);
        yield return Tuned(network, sides[0], "strong changes", ImageRecipe.StrongChanges);
    }

    static ImageRecipe Tuned(BuildNetwork network, int side, string words, ImmutableArray<Augmentation> changes) =>
        new($"{network.Name}, fine-tuned at {side}, {words}", side)
        {
            Network = network,
            FineTuneEpochs = FineTuneEpochs,
            Changes = changes,
        };

    static ImageRecipe On(BuildNetwork network, string head) => new($"{network.Name}, {head}", network.Side) { Network = network };

    // The small network halves a picture four times: tiny ones are tried in twice their size too. They cost the same, so that the first is
    // what is left where time allows for one alone: of 7,000 pictures as they are it knows all by heart after ten epochs.
    static IEnumerable<ImageRecipe> FromScratch(ImageLook look)
    {
        var side = Math.Clamp(look.Side, LeastScratchSide, MostScratchSide);
        yield return new($"from scratch at {side}, usual changes", side) { Changes = ImageRecipe.UsualChanges };
        yield return new($"from scratch at {side}, unchanged pictures", side);
        yield return new($"from scratch at {side}, strong changes", side) { Changes = ImageRecipe.StrongChanges };
        if (2 * side <= MostScratchSide)
            yield return new($"from scratch at {2 * side}, usual changes", 2 * side) { Changes = ImageRecipe.UsualChanges };
    }
}
