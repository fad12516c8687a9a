using System.Collections.Immutable;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>An image restored from what a layer gave for another.</summary>
/// <param name="Layer">The name of the layer.</param>
/// <param name="Image">The image, of the size and channels that the network gets.</param>
/// <param name="Error">How far what the layer gives for it is from what was to be met, as a share of that: Euclidean lengths.</param>
/// <param name="Losses">Before each step, and at the end of the image itself: the square of the error with all penalties.</param>
public sealed record Inversion(string Layer, Image Image, double Error, ImmutableArray<double> Losses);

/// <summary>An image that something in a network responds to as much as was found.</summary>
/// <param name="Target">What responds.</param>
/// <param name="Image">The image, of the size and channels that the network gets.</param>
/// <param name="Activation">How much it responds to it.</param>
/// <param name="Losses">Before each step, and at the end of the image itself: the negative activation, in units of what
/// all pixels could do at the start, with all penalties; where the layer is an activation that may be flat, a hundredth of what stands
/// before it counts too.</param>
public sealed record Maximization(ActivationTarget Target, Image Image, double Activation, ImmutableArray<double> Losses);
