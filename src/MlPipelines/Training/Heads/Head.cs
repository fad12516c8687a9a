using MlPipelines.Networks;

namespace MlPipelines;

/// <summary>What scores images from the features of a network whose own weights stay as they are.
/// It takes the place of the network's classifier.</summary>
public abstract record Head
{
    private protected Head() { }

    /// <summary>The layers that go behind the features.</summary>
    /// <param name="classes">Number of classes.</param>
    public abstract IEnumerable<Layer> Layers(int classes);

    /// <summary>Learns these layers from all features at once; null where they are learnt in steps, as the trainer's options say.</summary>
    internal virtual IFeatureFit? Fit => null;
}
