using MlPipelines.Tests.Data;

namespace MlPipelines.Tests.Transforms;

public sealed class OnnxAndCustomTests : IDisposable
{
    readonly MLContext ml = new(1);
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    sealed class Row
    {
        [ColumnName("x")]
        public float[] X { get; set; } = [];
    }

    sealed class Sum
    {
        public float Total { get; set; }
        public string Text { get; set; } = "";
    }

    IDataView Rows(int count) => ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new Row { X = [i, 0, 1] }));

    [Fact]
    public void A_network_made_elsewhere_runs_on_its_columns_row_by_row_equal_to_its_formula()
    {
        var file = folder.Write("net.onnx", MeanColourNetwork.Onnx(1));
        var data = Rows(150);
        using var model = ml.Transforms.ApplyOnnxModel("Score", "x", file).Fit(data);
        var scores = model.Transform(data).GetColumn<float[]>("Score").ToArray();
        Assert.Equal(150, scores.Length);
        foreach (var (i, score) in scores.Index().Take(20))
            Assert.Equal(Math.Exp(i) / (Math.Exp(i) + 1 + Math.E), score[0], 5);
        using var all = ml.Transforms.ApplyOnnxModel(file).Fit(data);
        Assert.Equal(["x", "Score"], all.Transform(data).Schema.Select(column => column.Name));
    }

    [Fact]
    public void What_the_network_lacks_is_named_with_what_it_has()
    {
        var file = folder.Write("net.onnx", MeanColourNetwork.Onnx(1));
        Assert.Equal("ApplyOnnxModel: the network has no output 'probabilities', it has 'Score'.",
            Assert.Throws<ArgumentException>(() => ml.Transforms.ApplyOnnxModel("probabilities", "x", file).Fit(Rows(1))).Message);
        var wrong = ml.Data.LoadFromEnumerable([new Row { X = [1, 2] }]);
        using var model = ml.Transforms.ApplyOnnxModel("Score", "x", file).Fit(wrong);
        Assert.Equal("column 'x', row 0: is a vector of 2, the network takes [?,3,1,1]: 3 numbers a row.",
            Assert.Throws<InvalidDataException>(() => model.Transform(wrong).GetRow(0).Get<float[]>("Score")).Message);
    }

    [Fact]
    public void A_network_made_elsewhere_is_saved_with_its_pipeline()
    {
        var data = Rows(5);
        using var model = ml.Transforms.ApplyOnnxModel(folder.Write("net.onnx", MeanColourNetwork.Onnx(1))).Append(ml.Transforms.CopyColumns("Copy", "Score")).Fit(data);
        var file = Path.Combine(folder.Path, "saved.onnx");
        ml.Model.Save(model, file);
        using var loaded = ml.Model.Load(file);
        Assert.Equal(model.Transform(data).GetColumn<float[]>("Copy"), loaded.Transform(data).GetColumn<float[]>("Copy"));
        using var twice = new TransformerChain<ITransformer>([model, model]);
        Assert.StartsWith("Save: the pipeline holds 2 networks (OnnxTransformer, OnnxTransformer), one file holds one.",
            Assert.Throws<NotSupportedException>(() => ml.Model.Save(twice, file)).Message);
    }

    [Fact]
    public void Your_own_code_makes_columns_but_no_model_file()
    {
        var mapping = ml.Transforms.CustomMapping<Row, Sum>((from, to) => (to.Total, to.Text) = (from.X.Sum(), $"{from.X.Length} numbers"));
        var model = mapping.Fit(Rows(3));
        var view = model.Transform(Rows(3));
        Assert.Equal(["x", "Total", "Text"], view.Schema.Select(column => column.Name));
        Assert.Equal(model.GetOutputSchema(Rows(1).Schema), view.Schema);
        Assert.Equal([1, 2, 3], view.GetColumn<float>("Total"));
        Assert.Equal("3 numbers", view.GetRow(0).Get<string>("Text"));
        Assert.Contains("runs this program's own code", Assert.Throws<NotSupportedException>(() => ml.Model.Save(model, Path.Combine(folder.Path, "m.onnx"))).Message);
    }

    [Fact]
    public void While_fitting_a_network_sees_the_augmented_images_of_each_epoch()
    {
        var image = MlPipelines.Imaging.Image.FromPixels(4, 4, 3, [.. Enumerable.Range(0, 48).Select(i => (byte)(i * 5))]);
        var data = ml.Data.LoadFromEnumerable([new Pictured { Image = image }]);
        using var model = ml.Transforms.AugmentImages("Image", new RandomErasing(Probability: 1, EachPixel: true))
            .Append(ml.Transforms.ExtractPixels("x", "Image", scaleImage: 0.01f))
            .Append(ml.Transforms.ApplyOnnxModel(folder.Write("net.onnx", MeanColourNetwork.Onnx(4)))).Fit(data);
        var view = model.Transform(data);
        float[] Scores(Pass pass) => view.GetRow(0, pass).Get<float[]>("Score");
        Assert.NotEqual(Scores(default), Scores(Pass.Fit(0)));
        Assert.NotEqual(Scores(Pass.Fit(1)), Scores(Pass.Fit(0)));
        Assert.Equal(Scores(Pass.Fit(1)), Scores(Pass.Fit(1)));
    }

    sealed class Pictured
    {
        public MlPipelines.Imaging.Image? Image { get; set; }
    }
}
