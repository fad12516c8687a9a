using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>Networks that take images [batch,height,width,channels], as TensorFlow's do, as networks that take
/// [batch,channels,height,width].</summary>
static class ChannelsFirst
{
    const int MostChannels = 4;

    /// <summary>Whether images of that shape have their colours last.</summary>
    public static bool IsLast(Shape image) => image is [_, var first, _, > 0 and <= MostChannels] && first is < 1 or > MostChannels;

    /// <summary>The network with the image's axes in order; a Transpose that only brought them there is left out, as is a Reshape that
    /// changes no image.</summary>
    public static Graph Of(Graph graph)
    {
        var image = graph.Inputs[0];
        if (!IsLast(image.Shape))
            return graph.Replace((node, copy) => node.Operator.Type == nameof(Op.Reshape) && node.Input(0) == image
                && Fits(node.Outputs[0].Shape, image.Shape) ? [copy.Input(0)] : null);
        Shape first = [image.Shape[0], image.Shape[3], image.Shape[1], image.Shape[2]];
        var planes = Value.Input(image.Name, first);
        var last = Op.Apply(nameof(Op.Transpose), [planes], Attributes.None.With("perm", (int[])[0, 2, 3, 1]),
            $"{image.Name}/channels_last");
        // Of a single channel the places are in the same order either way, and some exporters write a Reshape.
        bool BringsForward(Node node) => node.Operator.Type == nameof(Op.Transpose) ? Op.Permutation(node) is [0, 3, 1, 2]
            : node.Operator.Type == nameof(Op.Reshape) && first[1] == 1 && Fits(node.Outputs[0].Shape, first);
        return graph.Replace((node, _) => node.Inputs.Length > 0 && node.Input(0) == image && BringsForward(node) ? [planes] : null)
            .Replace(value => value == image ? last : null);
    }

    // An unknown size is the batch's on both sides, where it is the only one.
    static bool Fits(Shape shape, Shape image) => shape.Rank == image.Rank && shape.Skip(1).SequenceEqual(image.Skip(1))
        && (shape[0] == image[0] || shape[0] == Shape.Unknown || image[0] == Shape.Unknown) && !image.Skip(1).Contains(Shape.Unknown);
}
