namespace MlPipelines.Tests.Pipelines;

public sealed class ChainTests
{
    readonly MLContext ml = new(1);
    int read;

    /// <summary>Rows that count how often they are asked for anything.</summary>
    WatchedRows Data() => new(MadeUp.Rows(3, MadeUp.Text("Label", _ => "a"), MadeUp.Text("ImagePath", _ => "x.png")),
        () => read++);

    public static TheoryData<string, string> Mistakes => new()
    {
        { "LoadImages", "Column 'Path': not found, the data has 'Label' (text), 'ImagePath' (text), 'Copy' (text)." },
        { "OwnSizes", "Column 'Path': not found" },
        { "AugmentImages", "Column 'Label': holds text, an image is needed." },
        { "Balance", "Column 'Class': not found" },
        { "Trainer", "Column 'Image': not found" },
        { "TrainerLabel", "Column 'Class': not found" },
        { "ConfusionMatrix", "Column 'Score': not found" },
        { "Mistakes", "Column 'Score': not found" },
        { "Predictions", "Column 'Score': not found" },
    };

    [Theory, MemberData(nameof(Mistakes))]
    public void A_column_that_is_missing_or_of_another_type_is_named_before_a_row_is_read(string step, string message)
    {
        var transforms = ml.Transforms;
        var start = transforms.CopyColumns("Copy", "Label");
        IEstimator<ITransformer> pipeline = step switch
        {
            "LoadImages" => start.Append(transforms.LoadImages("Image", "Path", 8, 8)),
            "OwnSizes" => start.Append(transforms.LoadImages("Image", "Path", grayscale: false)),
            "AugmentImages" => start.Append(transforms.AugmentImages("Label", new RandomFlip())),
            "Balance" => start.Append(transforms.Balance("Class", new(AtLeast: 3))),
            "Trainer" => start.Append(ml.MulticlassClassification.Trainers.ImageClassification(new() { FeatureColumnName = "Image" })),
            "TrainerLabel" => start.Append(transforms.LoadImages("Image", "ImagePath", 8, 8))
                .Append(ml.MulticlassClassification.Trainers.ImageClassification(new()
                {
                    FeatureColumnName = "Image",
                    LabelColumnName = "Class"
                })),
            "ConfusionMatrix" => start.Append(transforms.WriteConfusionMatrix("never")),
            "Mistakes" => start.Append(transforms.SortMistakes("never")),
            _ => start.Append(transforms.WritePredictions("never.csv")),
        };
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => pipeline.Fit(Data())).Message, StringComparison.Ordinal);
        Assert.Equal(0, read);
    }

    [Fact]
    public void A_later_mistake_is_found_before_an_earlier_step_is_fitted()
    {
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Key", "Label").Append(ml.Transforms.CopyColumns("B", "Label"))
            .Append(ml.Transforms.AugmentImages("B", new RandomFlip()));
        Assert.Equal("Column 'B': holds text, an image is needed.", Assert.Throws<ArgumentException>(() => pipeline.Fit(Data())).Message);
        Assert.Equal(0, read);
    }

    [Fact]
    public void What_the_estimators_promise_is_what_the_fitted_chain_gives()
    {
        var pipeline = ml.Transforms.LoadImages("Image", "ImagePath", 8, 6, ResizingKind.Fill)
            .Append(ml.Transforms.AugmentImages("Image", new RandomFlip()))
            .Append(ml.Transforms.Balance("Label", new(AtLeast: 4))).Append(ml.Transforms.ExtractPixels("Pixels", "Image"));
        var promised = pipeline.GetOutputSchema(Shapes.After(new SchemaShape([]), _ => Data().Schema)).Select(column => column.Name);
        Assert.Equal(pipeline.Fit(Data()).Transform(Data()).Schema.Where(column => !column.IsHidden).Select(column => column.Name).Order(),
            promised.Order());
    }

    [Fact]
    public void The_contexts_seed_is_kept_and_one_without_draws_its_own()
    {
        var (one, other) = (new MLContext(), new MLContext());
        Assert.Equal((1, false), (ml.Data.Host().Seed(), ml.Data.Host().IsSeedDrawn()));
        Assert.True(one.Data.Host().IsSeedDrawn());
        Assert.Equal(one.Data.Host().Seed(), one.Transforms.Host().Seed());
        Assert.NotEqual(one.Data.Host().Seed(), other.Data.Host().Seed());
    }

    sealed class WatchedRows(IDataView source, Action read) : IDataView
    {
        public DataViewSchema Schema => source.Schema;
        public bool CanShuffle => false;
        public long? GetRowCount() => source.GetRowCount();

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
        {
            read();
            return source.GetRowCursor(columnsNeeded);
        }

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
            [GetRowCursor(columnsNeeded, rand)];
    }
}
