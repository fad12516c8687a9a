
namespace MlPipelines;

/// <summary>The rows of a view with features in the place of images: one variant, or several that take turns by epoch.</summary>
sealed class FeatureView : IDataView
{
    readonly IDataView source;
    readonly int column;
    readonly FeatureRow[][] variants;

    /// <param name="source">The rows.</param>
    /// <param name="featureColumn">Its column of images.</param>
    /// <param name="length">Numbers in the features of an image.</param>
    /// <param name="variants">For each variant the features of each row.</param>
    public FeatureView(IDataView source, string featureColumn, int length, FeatureRow[][] variants)
    {
        (this.source, this.variants) = (source, variants);
        Schema = source.Schema.With(new(featureColumn, new VectorDataViewType(typeof(float), length)));
        column = Schema.Find(featureColumn).Index;
    }

    public DataViewSchema Schema { get; }
    public long RowCount => source.RowCount;
    public bool Repeats => variants.Length == 1;

    public DataViewRow GetRow(long position, Pass pass = default) =>
        new Row(this, source.GetRow(position, pass), variants[pass.Fitting ? (int)(((ulong)pass.Epoch + (ulong)pass.Repetition) % (ulong)variants.Length) : 0][position]);

    sealed class Row(FeatureView view, DataViewRow below, FeatureRow features) : DataViewRow
    {
        public override DataViewSchema Schema => view.Schema;
        public override long Id => below.Id;
        public override object GetValue(int column) => column == view.column ? features.Features ?? throw new InvalidDataException(features.Failure) : below.GetValue(column);
    }
}

/// <summary>The features of an image, or why it cannot be read.</summary>
readonly record struct FeatureRow(float[]? Features, string? Failure);
