namespace MlPipelines.Training;

public sealed partial class ImageClassificationTrainer
{
    public sealed partial record Options
    {
        /// <summary>What the gradients are limited to; null for no limit.</summary>
        public GradientClipping? GradientClipping { get; init; }

        /// <summary>Batches whose gradients together make one update, as one batch of all their samples would; normalisation still takes the statistics of each batch. An epoch's last ones make an update of their own.</summary>
        public int GradientAccumulation { get; init => field = Check.AtLeast(value, 1, nameof(GradientAccumulation)); } = 1;

        /// <summary>Whether averages of the weights are validated and kept in place of the last weights; null for not.</summary>
        public WeightAveraging? WeightAveraging { get; init; }

        /// <summary>How the learning rate differs between the network's blocks; null for not at all.</summary>
        public DepthRates? DepthRates { get; init; }

        /// <summary>Sets the network's blocks free one after another, the last first; null trains all from the start. Not beside <see cref="FineTuning"/>.</summary>
        public GradualUnfreezing? Unfreezing { get; init; }

        /// <summary>
        /// First the classifier alone, then the whole network, as fastai's <c>fine_tune</c>; null trains in one piece. <see cref="Epoch"/> counts the epochs with the whole network.
        /// Its rates are those of <see cref="LearningRate"/>, or else its own; it sets schedule and depth rates itself.
        /// </summary>
        public FineTuning? FineTuning { get; init; }
    }
}
