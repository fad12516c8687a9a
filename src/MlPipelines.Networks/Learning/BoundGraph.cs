using MlPipelines.Execution;
using MlPipelines.Execution.Kernels;
using MlPipelines.Graphs;

namespace MlPipelines;

/// <summary>A graph in a session: its state bound to the learner's buffers, wherever that is, and all else to buffers of its own.</summary>
sealed class BoundGraph : IDisposable
{
    readonly Graph graph;
    readonly LearnerState state;
    readonly Func<string, int, TensorBuffer> read;
    readonly Dictionary<string, string> written;
    readonly Session session;
    // One for each place, made when the state is first there: a binding's buffers are fixed, and the state changes its own with every turn.
    readonly Binding?[] bindings = new Binding?[LearnerState.Places];
    readonly Dictionary<string, TensorBuffer> own = [];

    /// <param name="graph">Its inputs that the state has are read from it.</param>
    /// <param name="options">What computes.</param>
    /// <param name="state">Outlives this.</param>
    /// <param name="read">The buffer that an input of that name reads at a place.</param>
    /// <param name="written">The state that outputs replace.</param>
    /// <param name="statistics">Over which processes normalisations take their statistics; null for this one alone.</param>
    public BoundGraph(Graph graph, SessionSettings options, LearnerState state, Func<string, int, TensorBuffer> read,
        IEnumerable<TrainedState> written, StatisticsExchange? statistics = null)
    {
        (this.graph, this.state, this.read) = (graph, state, read);
        this.written = written.ToDictionary(each => each.Next, each => each.Name);
        session = Lowering.SessionOf(graph, options, statistics);
        foreach (var input in graph.Inputs.Where(input => !state.Has(graph.NameOf(input))))
            own[graph.NameOf(input)] = new(input.Type, input.Shape);
        foreach (var (name, value) in graph.Outputs.Where(output => !this.written.ContainsKey(output.Name)))
            own[name] = new(value.Type, value.Shape);
    }

    /// <summary>The buffer of an input or output that is no state; null where the graph has none of that name.</summary>
    public TensorBuffer? Own(string name) => own.GetValueOrDefault(name);

    /// <summary>Runs the graph on the state as it is now.</summary>
    public void Run() => (bindings[state.Place] ??= Bind(state.Place)).Run();

    public void Dispose()
    {
        foreach (var binding in bindings)
            binding?.Dispose();
        session.Dispose();
        foreach (var buffer in own.Values)
            buffer.Dispose();
    }

    Binding Bind(int place) => session.Bind(
        graph.Inputs.Select(graph.NameOf).ToDictionary(name => name, name => Own(name) ?? read(name, place)),
        graph.Outputs.ToDictionary(output => output.Name,
            output => Own(output.Name) ?? state.Back(written[output.Name], place)));
}
