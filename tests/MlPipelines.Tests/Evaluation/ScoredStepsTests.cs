using MlPipelines.Tests.Transforms;

namespace MlPipelines.Tests.Evaluation;

public sealed class ScoredStepsTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly MLContext ml = new(1);

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Kinds => ["matrix", "mistakes", "predictions", "evaluation"];

    static readonly string[] matrices = ["matrix.csv", "matrix.png", "matrix.svg", "matrix.txt"];

    IEstimator<ITransformer> Step(string kind) => kind switch
    {
        "matrix" => ml.Transforms.WriteConfusionMatrix(folder.File("out/matrix")),
        "mistakes" => ml.Transforms.SortMistakes(folder.File("out/miss")),
        "evaluation" => ml.Transforms.WriteEvaluation(folder.File("out"), new() { Cohort = "Label" }),
        _ => ml.Transforms.WritePredictions(folder.File("out/predictions.csv")),
    };

    static readonly string[] evaluation = ["calibration.svg", "cohorts.csv", "confusion_matrix.csv", "confusion_matrix.png",
        "confusion_matrix.svg", "coverage.svg", "metrics.json", "precision_recall.svg", "predictions.csv", "roc.svg"];

    static string[] Expected(string kind) => kind switch
    {
        "matrix" => matrices,
        "mistakes" => ["miss"],
        "evaluation" => evaluation,
        _ => ["predictions.csv"],
    };

    string[] Written() => Directory.Exists(folder.File("out"))
        ? [.. Directory.GetFileSystemEntries(folder.File("out")).Select(entry => Path.GetFileName(entry)!).Order(StringComparer.Ordinal)]
        : [];

    IDataView Rows() => Scored.Files((folder.With("1.jpg", "one"), "cat", "dog"), (folder.With("2.jpg", "two"), "dog", "dog"),
        (folder.With("3.jpg", "three"), "cat", "cat"));

    static void PassThrough(IDataView view, int rows, params string[] columns)
    {
        using var cursor = view.GetRowCursor(columns.Select(name => view.Schema[name]));
        for (var row = 0; row < rows; row++)
            Assert.True(cursor.MoveNext());
    }

    [Theory, MemberData(nameof(Kinds)), Trait("Category", "Runtime")]
    public void It_writes_after_a_complete_pass_whatever_is_asked_for(string kind)
    {
        var view = Step(kind).Fit(Rows()).Transform(Rows());
        Assert.Empty(Written());
        Assert.Equal(3, view.CountRows());
        Assert.Empty(Written());
        PassThrough(view, 3);
        Assert.Empty(Written());
        using (var cursor = view.GetRowCursor([]))
            while (cursor.MoveNext())
                Assert.Empty(Written());
        Assert.Equal(Expected(kind), Written());
    }

    [Theory, MemberData(nameof(Kinds)), Trait("Category", "Runtime")]
    public void It_writes_once(string kind)
    {
        var view = Step(kind).Fit(Rows()).Transform(Rows());
        Assert.Equal(3, view.GetColumn<string>("Label").Count());
        Directory.Delete(folder.File("out"), recursive: true);
        Assert.Equal(3, view.GetColumn<string>("Label").Count());
        Assert.Empty(Written());
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_pass_that_is_left_early_writes_nothing(string kind)
    {
        var view = Step(kind).Fit(Rows()).Transform(Rows());
        _ = view.GetColumn<string>("Label").First();
        _ = view.Preview(2);
        PassThrough(view, 2, "Score");
        _ = ml.Data.TakeRows(view, 2).GetColumn<string>("Label").Count();
        Assert.Empty(Written());
    }

    [Theory, MemberData(nameof(Kinds))]
    public void While_a_chain_is_fitted_nothing_is_written(string kind)
    {
        var pipeline = Step(kind).Append(ml.Transforms.Conversion.MapValueToKey("Key", "Label"));
        var model = pipeline.Fit(Rows());
        Assert.Empty(Written());
        Assert.Equal(3, model.Transform(Rows()).GetColumn<uint>("Key").Count());
        Assert.Equal(Expected(kind), Written());
    }

    sealed class Row
    {
        public string Label { get; set; } = "cat";
        public string PredictedLabel { get; set; } = "dog";
        [VectorType(2)]
        public float[] Score { get; set; } = [0, 1];
        public string ImagePath { get; set; } = "";
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_single_prediction_writes_nothing(string kind)
    {
        var model = new TransformerChain<ITransformer>(Step(kind).Fit(Rows()));
        using var engine = ml.Model.CreatePredictionEngine<Row, Row>(model);
        var predicted = engine.Predict(new() { Label = "dog", ImagePath = "a.jpg" });
        Assert.Equal(("dog", "dog", "a.jpg"), (predicted.Label, predicted.PredictedLabel, predicted.ImagePath));
        Assert.Equal([0, 1], predicted.Score);
        Assert.Empty(Written());
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Rows_pass_as_they_are(string kind)
    {
        var rows = Rows();
        var view = Step(kind).Fit(rows).Transform(rows);
        Assert.Same(rows.Schema, view.Schema);
        Assert.Equal(rows.GetColumn<string>("ImagePath"), view.GetColumn<string>("ImagePath"));
        Assert.Equal(rows.GetColumn<float[]>("Score"), view.GetColumn<float[]>("Score"));
        Assert.Equal(rows.Ids(), view.Ids());
        Assert.Equal(rows.GetRowCount(), view.GetRowCount());
        using var cursor = Step(kind).Fit(rows).Transform(rows).GetRowCursor([view.Schema["Label"]]);
        Assert.Equal([true, false, false, false], view.Schema.Select(cursor.IsColumnActive));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Rows_without_labels_pass_and_nothing_is_written(string kind)
    {
        var model = Step(kind).Fit(Rows());
        var unlabelled = ml.Transforms.DropColumns("Label").Fit(Rows()).Transform(Rows());
        Assert.Equal(3, model.Transform(unlabelled).GetColumn<string>("ImagePath").Count());
        Assert.Empty(Written());
    }

    [Theory, MemberData(nameof(Kinds)), Trait("Category", "Runtime")]
    public void It_is_saved_in_a_chain_and_writes_from_another_context(string kind)
    {
        var model = new TransformerChain<ITransformer>(Step(kind).Fit(Rows()));
        ml.Model.Save(model, Rows().Schema, folder.File("model.zip"));
        var loaded = new MLContext(2).Model.Load(folder.File("model.zip"), out _);
        Assert.Equal(model.Steps().Single(), ((Step)loaded.Steps().Single()) with { Host = ((Step)model.Steps().Single()).Host });
        Assert.Equal(3, loaded.Transform(Rows()).GetColumn<string>("Label").Count());
        Assert.Equal(Expected(kind), Written());
    }

    [Fact]
    public void An_extension_writes_that_one_kind()
    {
        var view = ml.Transforms.WriteConfusionMatrix(folder.File("out/matrix.csv")).Fit(Rows()).Transform(Rows());
        Assert.Equal(3, view.GetColumn<string>("Label").Count());
        Assert.Equal(["matrix.csv"], Written());
        Assert.Equal("actual \\ predicted,cat,dog\r\ncat,1,1\r\ndog,0,1\r\n", File.ReadAllText(folder.File("out/matrix.csv")));
    }

    [Fact, Trait("Category", "Runtime")]
    public void One_pass_through_all_three_writes_what_the_verbs_write()
    {
        var steps = Step("matrix").Append(Step("mistakes")).Append(Step("predictions"));
        var view = steps.Fit(Rows()).Transform(Rows());
        Assert.Equal(ml.MulticlassClassification.Report(Rows()).ConfusionMatrix.ToCsv(),
            ml.MulticlassClassification.Report(view).ConfusionMatrix.ToCsv());
        Assert.Equal([.. matrices, "miss", "predictions.csv"], Written());

        var catalog = ml.MulticlassClassification;
        catalog.SavePredictions(Rows(), folder.File("by verb.csv"));
        Assert.Equal(File.ReadAllText(folder.File("by verb.csv")), File.ReadAllText(folder.File("out/predictions.csv")));
        Assert.Equal(catalog.Report(Rows()).ConfusionMatrix.ToString(), File.ReadAllText(folder.File("out/matrix.txt")));
        catalog.SortMistakes(Rows(), folder.File("by verb"));
        Assert.Equal(Names("by verb"), Names("out/miss"));
        Assert.Equal("one", File.ReadAllText(folder.File("out/miss/cat_to_dog_1.jpg")));

        string[] Names(string name) => [.. Directory.GetFiles(folder.File(name)).Select(file => Path.GetFileName(file)!)
            .Order(StringComparer.Ordinal)];
    }

    [Theory, MemberData(nameof(Kinds)), Trait("Category", "Runtime")]
    public void Rows_that_cannot_be_read_are_named_once_and_do_not_end_the_pass(string kind)
    {
        var warnings = ml.Warnings();
        var rows = Scored.Files(("broken.jpg", "cat", "dog"), (folder.With("2.jpg", "two"), "dog", "dog"),
            (folder.With("3.jpg", "three"), "cat", "cat"));
        Assert.Equal(3, Step(kind).Fit(rows).Transform(rows).GetColumn<string>("Label").Count());
        Assert.Equal(["skipped broken.jpg: not an image."], warnings);
        Assert.Equal(Expected(kind), Written());
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Nothing_to_judge_is_said_and_nothing_written(string kind)
    {
        var warnings = ml.Warnings();
        Assert.Empty(Step(kind).Fit(Scored.Files()).Transform(Scored.Files()).GetColumn<string>("Label"));
        Assert.Equal(["none of the rows has both a label and a prediction, so that nothing is written."], warnings);
        Assert.Empty(Written());
    }

    [Fact, Trait("Category", "Runtime")]
    public void At_the_end_of_a_chain_it_judges_the_model_before_it()
    {
        var pictures = MadeUp.Pictures([.. new byte[][] { [9, 0, 0], [0, 9, 0], [0, 0, 9] }
            .Select(colour => MlPipelines.Imaging.Image.FromPixels(1, 1, 3, colour))], ["red", "blue", "blue"]);
        using ImageClassifier classifier = new(MeanColourNetwork.Onnx(), ["red", "green", "blue"], "Image");
        var judged = Step("mistakes").Append(Step("matrix")).Fit(classifier.Transform(pictures)).Transform(classifier.Transform(pictures));
        Assert.Equal([1, 2, 3], judged.GetColumn<uint>("PredictedLabel"));
        Assert.Equal(["blue_to_green_1.png", "mistakes.json"], Directory.GetFiles(folder.File("out/miss"))
            .Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));
        Assert.Contains("blue", File.ReadAllText(folder.File("out/matrix.txt")), StringComparison.Ordinal);
    }
}
