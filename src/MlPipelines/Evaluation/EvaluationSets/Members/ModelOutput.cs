using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>What a model's columns say of a row.</summary>
sealed class ModelOutput
{
    // Sums of probabilities that were rounded to float; other scores are none.
    const float Tolerance = 0.01f;

    readonly LabelColumn? predicted;
    readonly DataViewSchema.Column? score;
    readonly ImmutableArray<string> classes = [];

    /// <exception cref="ArgumentException">There is neither a predicted class nor scores of named classes.</exception>
    public ModelOutput(DataViewSchema schema, string name)
    {
        var columns = new ScoredColumns();
        predicted = schema.GetColumnOrNull(columns.PredictedLabel) is { } label && !label.Type.IsNumber()
            ? LabelColumn.Of(schema, columns.PredictedLabel) : null;
        score = schema.GetColumnOrNull(columns.Score) is { Type: VectorDataViewType { ItemType: var item } } found
            && item == NumberDataViewType.Single ? found : null;
        if (score is { } scores && (KeyNames.OfSlots(scores) ?? predicted?.Known) is { } names)
            classes = [.. names.Select(NormalForm.Of)];
        if (classes.IsEmpty && predicted is null)
            throw new ArgumentException($"{name}: gives "
                + string.Join(", ", schema.Where(column => !column.IsHidden).Select(column => $"'{column.Name}' ({column.Type.InWords()})"))
                + $", a predicted class in '{columns.PredictedLabel}' (text or a key) or scores of named classes in '{columns.Score}' "
                    + "are needed. "
                + "Is it a classifier of several classes?");
    }

    public IEnumerable<string> Columns => new[] { predicted?.Name, classes.IsEmpty ? null : score?.Name }.OfType<string>();

    /// <exception cref="InvalidDataException">The row cannot be read.</exception>
    public MemberAnswer Of(RowValues row)
    {
        var scores = classes.IsEmpty ? [] : row.Get<float[]>(score!.Value.Name);
        if (Array.Exists(scores, value => !float.IsFinite(value)))
            throw new InvalidDataException($"{row.Name}: the scores are no numbers");
        var name = predicted?.NameOf(row[predicted.Name])
            ?? (scores.Length == 0 ? null : classes[Array.IndexOf(scores, scores.Max())]);
        if (name is null)
            throw new InvalidDataException($"{row.Name}: the model says no class");
        var areProbabilities = scores.Length == classes.Length && scores.Length > 0 && scores.Min() >= -Tolerance
            && Math.Abs(scores.Sum() - 1) <= Tolerance;
        return areProbabilities ? new(name) { Classes = classes, Probabilities = scores } : new(name);
    }
}
