using MlPipelines.Execution;
using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>Everything that training changes, held twice: a graph reads one copy and writes the other,
/// and then they change places.</summary>
/// <remarks>What each batch changes and what each update changes take turns of their own, so that there are four places: bit 0 of a place
/// is the side of weights, slots and averages, bit 1 that of statistics and sums of gradients. A graph writes all state of a kind that may
/// change, so that one bit tells for all; state that is frozen is equal in both copies. Weights may be set free later, but never frozen
/// after a change, when only one copy would be right (<see cref="Learner.Freeze"/>).</remarks>
sealed class LearnerState : IDisposable
{
    /// <summary>Number of places.</summary>
    public const int Places = 4;

    readonly Dictionary<string, TrainedState> states = [];
    readonly Dictionary<string, TensorBuffer>[] sides = [[], []];

    public LearnerState(IEnumerable<TrainedState> states)
    {
        foreach (var state in states)
            if (this.states.TryAdd(state.Name, state))
                foreach (var side in sides)
                    side[state.Name] = TensorBuffer.Of(state.Start);
    }

    /// <summary>Where the state is now, from 0 to <see cref="Places"/> − 1.</summary>
    public int Place { get; private set; }

    public bool Has(string name) => states.ContainsKey(name);

    /// <summary>What is read at a place.</summary>
    public TensorBuffer At(string name, int place) => sides[Side(name, place)][name];

    /// <summary>What is written at a place.</summary>
    public TensorBuffer Back(string name, int place) => sides[1 - Side(name, place)][name];

    /// <summary>What predicts: the average, where there is one.</summary>
    public TensorBuffer Scored(string name, int place) => At(Kept(name), place);

    /// <summary>Goes on to what a graph has written.</summary>
    public void Swap(IEnumerable<TrainedState> written) => Place ^= written.Aggregate(0, (turned, state) => turned | 1 << Bit(state));

    /// <summary>Whether the network can still compute: no parameter is infinite, no number, or so large that its square is.</summary>
    public bool IsFinite
    {
        get
        {
            foreach (var state in states.Values)
                if (state.Parameter is not null)
                    foreach (var number in At(state.Name, Place).Elements<float>())
                        if (!float.IsFinite(number * number))
                            return false;
            return true;
        }
    }

    /// <summary>All state as it is now.</summary>
    /// <param name="sums">Whether sums of gradients are part of it; without them the next batch starts them anew.</param>
    public Dictionary<string, Tensor> Snapshot(bool sums) =>
        (sums ? states.Values : Lasting).ToDictionary(state => state.Name, state => At(state.Name, Place).ToTensor());

    /// <summary>Goes back to a snapshot.</summary>
    /// <param name="snapshot">The state by name.</param>
    /// <param name="sums">Whether sums of gradients are part of it.</param>
    /// <remarks>Into both copies: the place stays, and what is frozen has to be the same on both sides.</remarks>
    public void Restore(Dictionary<string, Tensor> snapshot, bool sums)
    {
        foreach (var state in sums ? states.Values : Lasting)
            foreach (var side in sides)
                side[state.Name]
                .CopyFrom(snapshot.GetValueOrDefault(state.Name)
                    ?? throw new InvalidDataException($"Checkpoint: '{state.Name}' is missing. Delete the checkpoint."));
    }

    /// <summary>The parameters of a snapshot, or their averages.</summary>
    public Dictionary<Value, Tensor> Parameters(Dictionary<string, Tensor> snapshot) =>
        states.Values.Where(state => state.Parameter is not null)
        .ToDictionary(state => state.Parameter!, state => snapshot[Kept(state.Name)]);

    public void Dispose()
    {
        foreach (var buffer in sides.SelectMany(side => side.Values))
            buffer.Dispose();
    }

    IEnumerable<TrainedState> Lasting => states.Values.Where(state => !state.IsRunning || state.Parameter is not null);

    string Kept(string name) => Has(TrainedState.AverageOf(name)) ? TrainedState.AverageOf(name) : name;

    int Side(string name, int place) => place >> Bit(states[name]) & 1;

    static int Bit(TrainedState state) => state.IsRunning ? 1 : 0;
}
