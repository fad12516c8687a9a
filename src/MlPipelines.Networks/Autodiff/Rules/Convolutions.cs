using MlPipelines.Graphs;
using static MlPipelines.Graphs.Op;

namespace MlPipelines.Autodiff.Rules;

static class Convolutions
{
    public static readonly Rule[] Rules =
    [
        new(nameof(Conv), (n, _, dy) =>
        [
            ConvInputGradient(dy, n.Input(1), n.Input(0).Shape, Resolved(n)),
            ConvWeightGradient(n.Input(0), dy, n.Input(1).Shape, Resolved(n)),
            ChannelSum(dy),
        ]),
        new(nameof(ConvTranspose), (n, _, dy) =>
        [
            Apply(nameof(Conv), [dy, n.Input(1)], Resolved(n)),
            ConvWeightGradient(dy, n.Input(0), n.Input(1).Shape, Resolved(n)),
            ChannelSum(dy),
        ]),
    ];

    static Attributes Resolved(Node node) => Grouped(WindowOf(node).Sliding, (int)node.Attributes.Int("group", 1));
}
