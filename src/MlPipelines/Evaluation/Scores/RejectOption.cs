using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Names the class predicted where its score is high enough, and says that it is unknown where it is not.</summary>
/// <param name="Threshold">Best score from which a row is answered, from 0 to 1.</param>
/// <param name="OutputColumn">Column of the answers, text.</param>
/// <remarks>A row without scores is unknown. <see cref="ClassificationReport.Coverage"/> says what a threshold is worth; scores that
/// <see cref="TemperatureScaling"/> has made honest mean what they say.</remarks>
public sealed record RejectOption(float Threshold, string OutputColumn = "Answer") : RowStep
{
    internal const string UsualUnknown = "unknown";

    /// <inheritdoc cref="RejectOption"/>
    public float Threshold { get; } = Check.Within(Threshold, 0, 1);

    /// <inheritdoc cref="RejectOption"/>
    public string OutputColumn { get; } = Check.Named(OutputColumn);

    /// <summary>Column of the scores, one a class.</summary>
    public string ScoreColumn { get; init => field = Check.Named(value, nameof(ScoreColumn)); } = "Score";

    /// <summary>Column of the predicted classes, text or a key.</summary>
    public string PredictedLabelColumn { get; init => field = Check.Named(value, nameof(PredictedLabelColumn)); } = "PredictedLabel";

    /// <summary>What is said of a row that is not answered.</summary>
    public string Unknown { get; init => field = Check.Named(value, nameof(Unknown)); } = UsualUnknown;

    private protected override IEnumerable<AddedColumn> Map(DataViewSchema input)
    {
        var scores = input.Find(ScoreColumn);
        if (scores.Type is not VectorDataViewType { ItemType: var item } || item != NumberDataViewType.Single)
            throw new ArgumentException($"Column '{ScoreColumn}': holds {scores.Type.InWords()}, a vector of float is needed, one score a "
                + "class.");
        var predicted = LabelColumn.Of(input, PredictedLabelColumn);
        if (KeyNames.OfSlots(scores) is { } classes && classes.Contains(Unknown))
            throw new ArgumentException($"RejectOption: '{Unknown}' is the name of a class. Say something else of rows that are not "
                + "answered, with Unknown.");
        ImmutableArray<string> needs = [ScoreColumn, PredictedLabelColumn];
        yield return new(OutputColumn, TextDataViewType.Instance, needs, row =>
        {
            var (read, name) = (row.GetGetter<VBuffer<float>>(row.Schema[scores.Index]), predicted.Reader(row));
            var buffer = default(VBuffer<float>);
            return (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> answer) =>
            {
                read(ref buffer);
                var best = float.NegativeInfinity;
                foreach (var score in buffer.DenseValues())
                    best = score > best ? score : best;
                answer = ((best >= Threshold ? name() : null) ?? Unknown).AsMemory();
            });
        });
    }
}
