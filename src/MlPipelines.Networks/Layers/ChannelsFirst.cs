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

    /// <summary>The network with the image's axes in order; a Transpose that only brought them there is left out.</summary>
    public static Graph Of(Graph graph)
    {
        var image = graph.Inputs[0];
        if (!IsLast(image.Shape))
            return graph;
        var planes = Value.Input(image.Name, [image.Shape[0], image.Shape[3], image.Shape[1], image.Shape[2]]);
        var last = Op.Apply(nameof(Op.Transpose), [planes], Attributes.None.With("perm", (int[])[0, 2, 3, 1]),
            $"{image.Name}/channels_last");
        return graph.Replace((node, _) => node.Operator.Type == nameof(Op.Transpose) && node.Input(0) == image
            && Op.Permutation(node) is [0, 3, 1, 2] ? [planes] : null)
            .Replace(value => value == image ? last : null);
    }
}
