using MlPipelines.Autodiff;
using MlPipelines.Execution;
using MlPipelines.Execution.Kernels;
using MlPipelines.Graphs;
using MlPipelines.Networks;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>A network whose values and derivatives are looked at: other outputs of the same graph,
/// each made ready when it is asked for.</summary>
/// <param name="graph">Initialised; one input [?,C,H,W], one output [?,classes], or features of any shape.</param>
/// <param name="device">What computes.</param>
sealed class ScoredNetwork(Graph graph, Device device) : IDisposable
{
    /// <summary>Images in a run.</summary>
    public const int BatchSize = 16;

    const string Choice = "choice";

    // Each holds the network's weights: whoever asks for one layer after the other must not fill the memory.
    const int MostSessions = 6;

    readonly Graph graph = InferenceMode.WithoutDropout(graph);
    // The one used last stands last.
    readonly List<(string What, int Batch, Session Session)> sessions = [];

    public Graph Graph => graph;

    public Device Device => device;

    public Value Image => graph.Inputs[0];

    public Value Scores => graph.Outputs[0].Value;

    /// <summary>Values inside, for some images.</summary>
    /// <param name="what">What is computed is kept under.</param>
    /// <param name="wanted">Of the graph, the values wanted.</param>
    /// <param name="images">[N,C,H,W].</param>
    public Tensor[] Values(string what, Func<Graph, IReadOnlyList<Value>> wanted, Tensor images) =>
        Session(what, images.Shape[0], () => Outputs(graph.WithBatch(images.Shape[0]), wanted)).Run(Fed(images));

    /// <summary>Values made of the scores' derivatives, for some images and the classes chosen.</summary>
    /// <param name="what">What is computed is kept under.</param>
    /// <param name="wanted">Of the graph, the scores before Softmax and the weight of each [N,classes], the values wanted.</param>
    /// <param name="images">[N,C,H,W].</param>
    /// <param name="classes">Of each image, the class.</param>
    public Tensor[] Derivatives(string what, Func<Graph, Value, Value, IReadOnlyList<Value>> wanted, Tensor images,
        ReadOnlySpan<int> classes)
    {
        var (batch, count) = (images.Shape[0], Scores.Shape[1]);
        var chosen = new float[batch * count];
        for (var i = 0; i < batch; i++)
            chosen[i * count + classes[i]] = 1;
        var session = Session(what, batch, () =>
        {
            var logits = TrainingGraph.LogitsOf(graph.WithBatch(batch));
            var choice = Value.Input(Choice, [batch, count]);
            var outputs = wanted(logits, logits.Outputs[0].Value, choice);
            return new Graph([logits.Inputs[0], choice], Named(outputs));
        });
        var fed = Fed(images);
        fed[Choice] = Tensor.Of<float>([batch, count], chosen);
        return session.Run(fed);
    }

    /// <summary>An objective made of a value inside, for each of some images, and its gradient at the pixels.</summary>
    /// <param name="what">What is computed is kept under.</param>
    /// <param name="place">Of the graph, the image and the value.</param>
    /// <param name="of">Of the value and what is given with it, the objective [N] and its slope, of the value's shape.</param>
    /// <param name="images">[N,C,H,W].</param>
    /// <param name="given">Of the value's shape.</param>
    public (Tensor Objective, Tensor Gradient) Backward(string what, Func<Graph, (Value Image, Value Value)> place,
        Func<Value, Value, (Value Objective, Value Slope)> of, Tensor images, Tensor given)
    {
        const string name = "given";
        var session = Session(what, images.Shape[0], () =>
        {
            var (image, value) = place(graph.WithBatch(images.Shape[0]));
            var beside = Value.Input(name, value.Shape);
            var (objective, slope) = of(value, beside);
            return new Graph([image, beside], Named([objective, Gradients.Of(value, [image], slope)[0]]));
        });
        var fed = Fed(images);
        fed[name] = given;
        var found = session.Run(fed);
        return (found[0], found[1]);
    }

    public void Dispose()
    {
        foreach (var (_, _, session) in sessions)
            session.Dispose();
    }

    Dictionary<string, Tensor> Fed(Tensor images) => new() { [graph.NameOf(Image)] = images };

    Session Session(string what, int batch, Func<Graph> make)
    {
        var place = sessions.FindIndex(one => one.What == what && one.Batch == batch);
        if (place < 0 && sessions.Count == MostSessions)
        {
            sessions[0].Session.Dispose();
            sessions.RemoveAt(0);
        }
        var session = place < 0 ? Lowering.SessionOf(make(), new() { Device = device }) : sessions[place].Session;
        if (place >= 0)
            sessions.RemoveAt(place);
        sessions.Add((what, batch, session));
        return session;
    }

    static Graph Outputs(Graph of, Func<Graph, IReadOnlyList<Value>> wanted) => new(of.Inputs, Named(wanted(of)));

    // An output that is an input, or twice the same, would be no result of a node.
    static IEnumerable<(string, Value)> Named(IReadOnlyList<Value> values) =>
        values.Select((value, i) => ($"wanted{i}", Op.Apply("Identity", [value])));
}
