using MlPipelines.Tests.Imaging;

namespace MlPipelines.Tests.Data.Rows;

/// <summary>A picture stays undecoded, and known by its getter, wherever ML.NET's steps leave its column alone.</summary>
public sealed class AddedViewTests : IDisposable
{
    readonly MLContext ml = new(1);
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    IDataView Loaded()
    {
        var paths = Enumerable.Range(0, 8)
            .Select(seed => folder.Write($"{seed}.png", Pictures.Noise(5, 4, seed).Encode(".png"))).ToArray();
        var rows = MadeUp.Rows(8, MadeUp.Text("ImagePath", row => paths[row]), MadeUp.Text("Label", row => $"{row % 2}"),
            MadeUp.Number("Number", row => row),
            MadeUp.Column("Value", NumberDataViewType.Single, row => (float)row));
        return ml.Transforms.LoadImages("Image", "ImagePath", 3, 3).Fit(rows).Transform(rows);
    }

    static PictureGetter? Source(IDataView view, string column = "Image")
    {
        using var cursor = view.GetRowCursor([view.Schema[column]]);
        return PictureColumns.Of(cursor, column);
    }

    public static TheoryData<string> Steps =>
        ["MapValueToKey", "CopyOthers", "DropOthers", "SelectColumns", "TrainTestSplit", "OurSplit", "CrossValidationSplit",
        "FilterRowsByColumn", "TakeRows", "SkipRows",
        "CustomMapping", "AugmentImages", "Balance", "Weights", "ConfusionMatrix"];

    IDataView After(string step, IDataView view) => step switch
    {
        "MapValueToKey" => Fitted(ml.Transforms.Conversion.MapValueToKey("Key", "Label"), view),
        "CopyOthers" => Fitted(ml.Transforms.CopyColumns("Copy", "Label"), view),
        "DropOthers" => Fitted(ml.Transforms.DropColumns("Label"), view),
        "SelectColumns" => Fitted(ml.Transforms.SelectColumns("Image", "Value"), view),
        "TrainTestSplit" => ml.Data.TrainTestSplit(view, 0.3).TrainSet,
        "OurSplit" => ml.Data.TrainTestSplit(view, 0.3, stratificationColumn: "Label").TrainSet,
        "CrossValidationSplit" => ml.Data.CrossValidationSplit(view, 2)[0].TrainSet,
        "FilterRowsByColumn" => ml.Data.FilterRowsByColumn(view, "Value", 2, 6),
        "TakeRows" => ml.Data.TakeRows(view, 3),
        "SkipRows" => ml.Data.SkipRows(view, 3),
        "CustomMapping" => Fitted(ml.Transforms.CustomMapping<From, To>((from, to) => to.Double = 2 * from.Value, null), view),
        "AugmentImages" => Fitted(ml.Transforms.AugmentImages("Image", new RandomFlip()), view),
        "Balance" => Fitted(ml.Transforms.Balance("Label", new(AtLeast: 6)), view),
        "Weights" => ml.Data.Balance(view, new(AtLeast: 6)),
        _ => Fitted(ml.Transforms.WriteConfusionMatrix("never", new("NoLabel")), view),
    };

    static IDataView Fitted<T>(IEstimator<T> estimator, IDataView view) where T : class, ITransformer => estimator.Fit(view)
        .Transform(view);

    sealed class From
    {
        public float Value { get; set; }
    }

    sealed class To
    {
        public float Double { get; set; }
    }

    [Theory, MemberData(nameof(Steps))]
    public void The_getter_of_a_column_that_is_left_alone_is_still_ours(string step)
    {
        var view = After(step, Loaded());
        Assert.NotNull(Source(view));
        var picture = view.Rows("Image").First().Get<Picture>("Image");
        Assert.False(picture.IsRandom);
        var number = picture.Id;
        Assert.Equal(Pictures.Noise(5, 4, number).Resize(3, 3).Pixels.ToArray(), picture.Draw(-1).Pixels.ToArray());
    }

    [Fact]
    public void A_copied_column_is_ours_and_a_changed_one_is_not()
    {
        var view = Fitted(ml.Transforms.CopyColumns("Copy", "Image"), Loaded());
        Assert.NotNull(Source(view, "Copy"));
        Assert.Null(Source(Fitted(ml.Transforms.ResizeImages("Image", 2, 2), view)));
        Assert.Null(Source(Fitted(ml.Transforms.ConvertToGrayscale("Image"), view)));
    }

    [Fact]
    public void Ids_and_other_values_pass_as_they_are()
    {
        var view = ml.Data.FilterRowsByColumn(Loaded(), "Value", 2, 6);
        Assert.Equal([2, 3, 4, 5], view.Ids());
        Assert.Equal([2, 3, 4, 5], view.Rows("Image").Select(row => row.Get<Picture>("Image").Id));
        Assert.Equal([2, 3, 4, 5], view.GetColumn<long>("Number"));
    }

    [Fact]
    public void Only_what_is_asked_for_is_computed()
    {
        var asked = new List<string>();
        AddedColumn Told(string name) => MadeUp.Number(name, row => { asked.Add(name); return row; });
        var rows = MadeUp.Rows(2, Told("A"), Told("B"), Told("C"));
        var view = new AddedView(rows, new(rows.Schema, [new("D", NumberDataViewType.Int64, ["B"], row =>
        {
            var (getter, value) = (row.GetGetter<long>(row.Schema["B"]), 0L);
            return (ValueGetter<long>)((ref long to) => { getter(ref value); to = 10 * value; });
        })]));
        Assert.Equal([0, 10], view.GetColumn<long>("D"));
        Assert.Equal(["B", "B"], asked);
        using var cursor = view.GetRowCursor([view.Schema["D"]]);
        Assert.Equal([false, false, false, true], view.Schema.Select(cursor.IsColumnActive));
        Assert.StartsWith("Column 'D': asked for Single",
            Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<float>(view.Schema["D"])).Message);
    }

    [Fact]
    public void A_column_of_the_same_name_hides_the_one_below_and_can_need_it()
    {
        var rows = MadeUp.Rows(2, MadeUp.Number("A", row => row + 1));
        var view = new AddedView(rows, new(rows.Schema, [new("A", TextDataViewType.Instance, ["A"], row =>
        {
            var (getter, value) = (row.GetGetter<long>(row.Schema["A"]), 0L);
            return (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> to) =>
                { getter(ref value); to = $"<{value}>".AsMemory(); });
        })]));
        Assert.Equal(["<1>", "<2>"], view.GetColumn<string>("A"));
        Assert.True(view.Schema[0].IsHidden);
    }

    [Fact]
    public void Cursors_that_share_the_rows_share_them_all()
    {
        var rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 100).Select(number => new From { Value = number }).ToArray());
        var view = new AddedView(rows, new(rows.Schema, [MadeUp.Number("Id", row => row)]));
        var seen = new List<long>();
        foreach (var cursor in view.GetRowCursorSet(view.Schema, 3))
            using (cursor)
            {
                var (getter, value) = (cursor.GetGetter<long>(view.Schema["Id"]), 0L);
                while (cursor.MoveNext())
                {
                    getter(ref value);
                    seen.Add(value);
                }
            }
        Assert.Equal(Enumerable.Range(0, 100).Select(row => (long)row), seen.Order());
    }
}
