using MlPipelines.Graphs;

namespace MlPipelines;

/// <summary>Divides the logarithms of scores by a temperature and makes them probabilities again: above 1 they become softer, below 1
/// sharper.</summary>
/// <param name="ScoreColumn">Column of the scores, which is replaced.</param>
/// <param name="Temperature">Above 0.</param>
/// <remarks>Behind an <see cref="ImageClassifier"/> it becomes part of the network's graph when the model is saved as ONNX.</remarks>
public sealed record TemperatureScaler(string ScoreColumn, float Temperature) : RowStep, IScoreGraphStep
{
    /// <inheritdoc cref="TemperatureScaler"/>
    public string ScoreColumn { get; } = Check.Named(ScoreColumn);

    /// <inheritdoc cref="TemperatureScaler"/>
    public float Temperature { get; init => field = Check.MoreThan(value, 0); } = Check.MoreThan(Temperature, 0);

    // Softmax's own logarithms are more exact than those of what it gives.
    Value IScoreGraphStep.Apply(Value scores)
    {
        var logits = scores.Node is { Operator.Type: nameof(Op.Softmax) } softmax && Axis(softmax) is 1 or -1 ? softmax.Input(0)
            : Op.Log(Op.Max(scores, MlPipelines.Temperature.Smallest));
        return Op.Softmax(logits / Temperature, 1);

        static long Axis(Node node) => node.Attributes.Int("axis", -1);
    }

    private protected override IEnumerable<AddedColumn> Map(DataViewSchema input)
    {
        var scores = input.Find(ScoreColumn);
        if (scores.Type is not VectorDataViewType { ItemType: var item } || item != NumberDataViewType.Single)
            throw new ArgumentException($"Column '{ScoreColumn}': holds {scores.Type.InWords()}, a vector of float is needed, one score a "
                + "class.");
        yield return new(ScoreColumn, scores.Type, [ScoreColumn], row =>
        {
            var read = row.GetGetter<VBuffer<float>>(row.Schema[scores.Index]);
            var buffer = default(VBuffer<float>);
            return (ValueGetter<VBuffer<float>>)((ref VBuffer<float> scaled) =>
            {
                read(ref buffer);
                var editor = VBufferEditor.Create(ref scaled, buffer.Length);
                buffer.CopyTo(editor.Values);
                MlPipelines.Temperature.Apply(editor.Values, Temperature);
                scaled = editor.Commit();
            });
        }, scores.Annotations);
    }
}
