using MlPipelines.Data;

namespace MlPipelines.Transforms;

/// <summary>The rows of a data view with a classifier's scores, found in blocks when they are first asked for.</summary>
sealed class ScoredView : IDataView
{
    readonly IDataView source;
    readonly ImageClassifier classifier;
    readonly Lazy<Outcome[]>[] blocks;
    readonly int feature, score, label;

    public ScoredView(IDataView source, ImageClassifier classifier)
    {
        ArgumentNullException.ThrowIfNull(source);
        (this.source, this.classifier) = (source, classifier);
        Schema = classifier.GetOutputSchema(source.Schema);
        feature = source.Schema.Find(classifier.FeatureColumn).Index;
        (score, label) = (Schema.Find(classifier.ScoreColumn).Index, Schema.Find(classifier.PredictedLabelColumn).Index);
        blocks = [.. Enumerable.Range(0, (int)((source.RowCount + classifier.BatchSize - 1) / classifier.BatchSize)).Select(block => new Lazy<Outcome[]>(() => Score(block)))];
    }

    public DataViewSchema Schema { get; }
    public long RowCount => source.RowCount;
    public bool Repeats => source.Repeats;

    public DataViewRow GetRow(long position, Pass pass = default) => new Row(this, source.GetRow(position, pass), position);

    Outcome At(long position) => blocks[position / classifier.BatchSize].Value[position % classifier.BatchSize];

    Outcome[] Score(int block)
    {
        var network = classifier.Network;
        var start = (long)block * classifier.BatchSize;
        var order = Enumerable.Range(0, (int)Math.Min(classifier.BatchSize, source.RowCount - start)).Select(i => start + i).ToArray();
        var rows = source.Read(row => Features(network, row), new() { Order = order }).ToArray();
        var scores = new Queue<float[]>(network.Score([.. rows.Where(row => row.Features is not null).Select(row => row.Features!)]));
        return [.. rows.Select(row => row.Features is null ? new Outcome(null, row.Failure) : new Outcome(scores.Dequeue(), null))];
    }

    (float[]? Features, string? Failure) Features(ClassifierNetwork network, DataViewRow row)
    {
        try
        {
            return (network.Input.Features(row.GetValue(feature), $"column '{classifier.FeatureColumn}', row {row.Id}"), null);
        }
        catch (Exception exception) when (RowReader.IsUnreadable(exception))
        {
            return (null, exception.Message);
        }
    }

    readonly record struct Outcome(float[]? Scores, string? Failure)
    {
        public float[] ScoresOrThrow => Scores ?? throw new InvalidDataException(Failure);
        public uint BestKey => (uint)Array.IndexOf(ScoresOrThrow, ScoresOrThrow.Max()) + 1;
    }

    sealed class Row(ScoredView view, DataViewRow below, long position) : DataViewRow
    {
        public override DataViewSchema Schema => view.Schema;
        public override long Id => below.Id;

        public override object GetValue(int column)
        {
            if (column == view.score)
                return view.At(position).ScoresOrThrow.Clone();
            return column == view.label ? view.At(position).BestKey : below.GetValue(column);
        }
    }
}
