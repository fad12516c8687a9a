using MlPipelines.Tests.Imaging;

namespace MlPipelines.Tests.Data.Rows;

/// <summary>What ML.NET's own verbs make of the sources of this library.</summary>
public sealed class SourceViewTests
{
    readonly MLContext ml = new(1);
    int asked;

    SourceView Rows(int count) => new(count, SourceColumn.Text("Label", Label), SourceColumn.Text("ImagePath", row => $"{row}.jpg"));

    string Label(long row)
    {
        Interlocked.Increment(ref asked);
        return $"label {row % 3}";
    }

    sealed class Listed
    {
        public string Label { get; set; } = "";
        public string ImagePath { get; set; } = "";
    }

    sealed class Shown
    {
        [ImageType(2, 3)]
        public MLImage? Image { get; set; }
    }

    static long[] Visited(SourceView view, Random? random)
    {
        using var cursor = view.GetRowCursor([], random);
        var (getter, seen) = (cursor.GetIdGetter(), new List<long>());
        for (DataViewRowId id = default; cursor.MoveNext(); seen.Add((long)id.Low))
            getter(ref id);
        return [.. seen];
    }

    [Fact]
    public void An_order_drawn_at_random_visits_each_row_once()
    {
        var view = Rows(500);
        Assert.True(view.CanShuffle);
        var (one, other) = (Visited(view, new(1)), Visited(view, new(2)));
        Assert.Equal(Visited(view, null), one.Order());
        Assert.Equal(Visited(view, null), other.Order());
        Assert.NotEqual(one, other);
        Assert.Equal(one, Visited(view, new(1)));
        Assert.NotEqual(one.Order(), one);
    }

    [Fact]
    public void Values_are_those_of_the_row_in_any_order()
    {
        var view = Rows(50);
        using var cursor = view.GetRowCursor(view.Schema, new Random(3));
        var (ids, paths) = (cursor.GetIdGetter(), cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema["ImagePath"]));
        var (id, path) = (default(DataViewRowId), default(ReadOnlyMemory<char>));
        while (cursor.MoveNext())
        {
            ids(ref id);
            paths(ref path);
            Assert.Equal($"{id.Low}.jpg", path.ToString());
        }
        Assert.Equal(-1, cursor.Position);
    }

    [Fact]
    public void Shuffling_by_ML_NET_keeps_every_row_and_its_id()
    {
        var ids = ml.Data.ShuffleRows(Rows(300), seed: 4).Ids();
        Assert.NotEqual(ids.Order(), ids);
        Assert.Equal(Enumerable.Range(0, 300).Select(row => (long)row), ids.Order());
    }

    [Fact]
    public void A_preview_shows_rows_and_pictures()
    {
        var preview = Rows(9).Preview(maxRows: 4);
        Assert.Equal(4, preview.RowView.Length);
        Assert.Equal(["label 0", "label 1", "label 2", "label 0"], preview.ColumnView[0].Values.Select(value => value.ToString()));
        var picture = Assert.IsType<MLImage>(MadeUp.Pictures([Pictures.Noise(3, 2, 1)]).Preview().RowView[0].Values[0].Value);
        Assert.Equal((3, 2), (picture.Width, picture.Height));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Objects_are_made_of_rows(bool reuse)
    {
        var listed = ml.Data.CreateEnumerable<Listed>(Rows(4), reuse).Select(row => (row.Label, row.ImagePath)).ToArray();
        Assert.Equal([("label 0", "0.jpg"), ("label 1", "1.jpg"), ("label 2", "2.jpg"), ("label 0", "3.jpg")], listed);
        Assert.Empty(ml.Data.CreateEnumerable<Listed>(Rows(0), reuse));
    }

    [Fact]
    public void Objects_hold_pictures_and_come_back_as_rows()
    {
        var images = Enumerable.Range(0, 3).Select(seed => Pictures.Noise(3, 2, seed)).ToArray();
        var shown = ml.Data.CreateEnumerable<Shown>(MadeUp.Pictures(images), reuseRowObject: false).ToArray();
        var back = ml.Data.LoadFromEnumerable(shown);
        Assert.Equal(new ImageDataViewType(2, 3), back.Schema["Image"].Type);
        Assert.Equal(images.Select(image => image.Pixels.ToArray()), back.Images().Select(image => image.Pixels.ToArray()));
    }

    [Fact]
    public void A_cache_asks_for_each_value_once()
    {
        var view = ml.Data.Cache(Rows(20), "Label");
        Assert.Equal(view.GetColumn<string>("Label"), view.GetColumn<string>("Label"));
        Assert.Equal(20, asked);
        var model = ml.Transforms.CopyColumns("B", "Label").AppendCacheCheckpoint(ml)
            .Append(ml.Transforms.Conversion.MapValueToKey("Key", "B"))
            .Append(ml.Transforms.Conversion.MapValueToKey("Key2", "B")).Fit(Rows(20));
        Assert.Equal(40, asked);
        Assert.Equal(3, model.Transform(Rows(20)).KeyValues("Key2").Length);
    }

    [Fact]
    public void A_value_is_had_as_its_own_type_only()
    {
        var view = Rows(1);
        using var cursor = view.GetRowCursor(view.Schema);
        Assert.StartsWith("Column 'Label': asked for Single, holds ",
            Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<float>(view.Schema["Label"])).Message,
            StringComparison.Ordinal);
        Assert.False(view.GetRowCursor([]).IsColumnActive(view.Schema["Label"]));
    }
}
