using System.Collections.Immutable;
using MlPipelines.Networks;

namespace MlPipelines;

/// <summary>A way to train small classifiers: what differs between types is by design, what differs within one is chance.</summary>
/// <param name="Name">What reports call it.</param>
/// <param name="Generator">What is done to pictures, at random while it learns and always to standardise them.</param>
/// <param name="FirstKernel">Width and height of the filters of its first two convolutions.</param>
/// <remarks>Two convolutions of 32 filters, pooling, three of 64, pooling, 512 units, the classes; dropout after both blocks and the
/// units. Source:
/// Keras's cifar10_cnn with a fifth convolution.</remarks>
public sealed record ClassifierType(string Name, ImageDataGenerator Generator, int FirstKernel = 3)
{
    static readonly ImageDataGenerator plain = new() { Rescale = 1 / 255f, RotationRange = 15 };

    /// <summary>The type that others are compared with: filters of 3×3, pictures turned by up to 15 degrees.</summary>
    public static ClassifierType Control { get; } = new("control", plain);

    /// <summary>Its first two convolutions have filters of 5×5: they see wider.</summary>
    public static ClassifierType WideView { get; } = new("wide-view", plain, FirstKernel: 5);

    /// <summary>Pixels are whitened (ZCA, ε 10⁻⁶) and channels shifted by up to 100: colours count less.</summary>
    public static ClassifierType LessColour { get; } = new("less-colour", plain with { ZcaWhitening = true, ChannelShiftRange = 100 });

    /// <summary>These three.</summary>
    public static ImmutableArray<ClassifierType> All { get; } = [Control, WideView, LessColour];

    /// <inheritdoc cref="ClassifierType"/>
    public string Name { get; } = Check.Named(Name);

    /// <inheritdoc cref="ClassifierType"/>
    public int FirstKernel { get; } = Check.Within(FirstKernel, 1, 15);

    /// <summary>Its network, which takes pixels 0–255 and standardises them itself.</summary>
    /// <param name="side">Width and height of the pictures.</param>
    /// <param name="classes">How many there are.</param>
    /// <exception cref="InvalidOperationException">The generator's statistics are not fitted.</exception>
    public Sequential Network(int side, int classes) => new(
        new Input(side, side, 3),
        new StandardizationLayer(Generator.NeedsFit
            ? throw new InvalidOperationException($"{Name}: the generator standardises by statistics that it does not have. Fit it first.")
            : Generator),
        new Conv2D(32, FirstKernel, Padding.Same, Activation.Relu),
        new Conv2D(32, FirstKernel, activation: Activation.Relu),
        new MaxPooling2D(2),
        new Dropout(0.25f),
        new Conv2D(64, 3, Padding.Same, Activation.Relu),
        new Conv2D(64, 3, activation: Activation.Relu),
        new Conv2D(64, 3, Padding.Same, Activation.Relu),
        new MaxPooling2D(2),
        new Dropout(0.25f),
        new Flatten(),
        new Dense(512, Activation.Relu),
        new Dropout(0.5f),
        new Dense(classes, Activation.Softmax));
}
