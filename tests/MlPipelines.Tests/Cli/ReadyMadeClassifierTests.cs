using MlPipelines.Cli;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Imaging;
using MlPipelines.Networks;
using MlPipelines.Tensors;
using MlPipelines.Tests.Evaluation;
using MlPipelines.Tests.Transforms;

namespace MlPipelines.Tests.Cli;

/// <summary>Classifiers that others made, asked and judged as they are.</summary>
[Trait("Category", "Runtime")]
public sealed class ReadyMadeClassifierTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public ReadyMadeClassifierTests()
    {
        Picture("data/red/1.png", 9, 4, 7);
        Picture("data/blue/1.png", 0, 0, 9);
        Picture("data/blue/2.png", 9, 0, 0);
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("red\ngreen\nblue\n")]
    [InlineData("0,red\r\n1,green\r\n2,blue")]
    [InlineData("0 red\n1 green\n2 blue")]
    [InlineData("1: red\n2: green\n3: blue")]
    [InlineData("2 blue\n0 red\n1 green")]
    [InlineData("index,name\n0,red\n1,green\n2,blue")]
    [InlineData("red,green,blue")]
    [InlineData("""["red", "green", "blue"]""")]
    [InlineData("""{"0": "red", "1": "green", "2": "blue"}""")]
    [InlineData("""{"2": "blue", "0": "red", "1": "green"}""")]
    [InlineData("""{"0": ["n1", "red"], "1": ["n2", "green"], "2": ["n3", "blue"]}""")]
    [InlineData("""{"model": "x", "id2label": {"0": "red", "1": "green", "2": "blue"}}""")]
    [InlineData("""{"red": 0, "green": 1, "blue": 2}""")]
    [InlineData("""[{"id": 0, "name": "red"}, {"id": 1, "name": "green"}, {"id": 2, "name": "blue"}]""")]
    public void Names_come_from_a_file(string labels)
    {
        File.WriteAllBytes(folder.File("net.onnx"), MeanColourNetwork.Onnx());
        var (exit, output, error) = Predict("--labels", folder.With("labels", labels), "--preprocessing", "none");
        Assert.Equal((0, ""), (exit, error));
        Assert.Equal($"{folder.File("data/red/1.png")}  red 0.8756", output.Trim());
    }

    [Theory]
    [InlineData("names", "{0: 'red', 1: 'green', 2: 'blue'}")]
    [InlineData("names", """{0: "red", 1: 'gr\'een', 2: 'blue'}""")]
    [InlineData("names", "['red', 'green', 'blue']")]
    [InlineData("id2label", """{"0": "red", "1": "green", "2": "blue"}""")]
    [InlineData("label2id", """{"red": 0, "green": 1, "blue": 2}""")]
    [InlineData("mlpipelines.labels", """["red", "green", "blue"]""")]
    [InlineData("classes", "red,green,blue")]
    [InlineData("class_names", "red\ngreen\nblue")]
    [InlineData("vocab", """["red", "green", "blue"]""")]
    public void Names_come_from_the_file_itself(string key, string text)
    {
        File.WriteAllBytes(folder.File("net.onnx"), OnnxMetadata.With(MeanColourNetwork.Onnx(),
            new Dictionary<string, string> { [key] = text, ["date"] = "2026" }));
        var (exit, output, error) = Predict("--preprocessing", "none");
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("  red 0.8756", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_are_no_UTF_8_are_refused()
    {
        File.WriteAllBytes(folder.File("net.onnx"), MeanColourNetwork.Onnx());
        File.WriteAllBytes(folder.File("labels.txt"), [.. "red\ngr"u8, 0xFC, .. "n\nblue"u8]);
        Assert.Equal($"mlpipe: {folder.File("labels.txt")}: is no UTF-8. Save the names as UTF-8.\n",
            Predict("--preprocessing", "none", "--labels", folder.File("labels.txt")).Error.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Of_several_outputs_one_is_named()
    {
        var x = Value.Input("x", [-1, 3, 2, 2]);
        var means = Op.Flatten(Op.GlobalAveragePool(x));
        OnnxFile.Save(new Graph([x], ("probabilities", Op.Softmax(means)), ("other", Op.Neg(means))), folder.File("net.onnx"));
        string[] known = ["--preprocessing", "none", "--labels", folder.With("labels.txt", "red\ngreen\nblue")];
        var (exit, _, error) = Predict(known);
        Assert.Equal(1, exit);
        Assert.Contains("has 2 outputs (probabilities, other), one is needed.", error, StringComparison.Ordinal);
        Assert.Contains("--network-output probabilities", error, StringComparison.Ordinal);
        Assert.Contains("  red 0.8756", Predict([.. known, "--network-output", "probabilities"]).Output, StringComparison.Ordinal);
        Assert.Contains("  green ", Predict([.. known, "--network-output", "other"]).Output, StringComparison.Ordinal);
        Assert.Equal(0, Run(["evaluate", folder.File("net.onnx"), folder.File("data"), .. known, "--network-output", "other"]).Exit);
    }

    [Fact]
    public void It_is_judged_on_a_labelled_folder()
    {
        File.WriteAllBytes(folder.File("net.onnx"), MeanColourNetwork.Onnx());
        var (exit, output, _) = Run("evaluate", folder.File("net.onnx"), folder.File("data"), "--preprocessing", "none",
            "--labels", folder.With("labels.txt", "red\ngreen\nblue"));
        Assert.Equal(0, exit);
        Assert.Contains("accuracy 66.7% of 3 images", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Scores_before_Softmax_become_probabilities()
    {
        OnnxFile.Save(new Sequential(new Input(8, 8, 3), new GlobalAveragePooling2D(), new Dense(3)).Build().Initialize(1),
            folder.File("net.onnx"));
        var output = Predict("--labels", folder.With("labels.txt", "a\nb\nc"), "--preprocessing", "zero-to-one", "--top", "3").Output;
        Assert.Equal(1, output.Trim().Split("  ")[1..].Sum(pair => double.Parse(pair.Split(' ')[1])), 1e-3);
    }

    [Fact]
    public void Preprocessing_reaches_the_network()
    {
        File.WriteAllBytes(folder.File("net.onnx"), MeanColourNetwork.Onnx());
        var labels = folder.With("labels.txt", "red\ngreen\nblue");
        // Softmax of 9/255, 4/255 and 7/255 hardly differs from a third.
        Assert.Contains("  red 0.33", Predict("--labels", labels, "--preprocessing", "zero-to-one").Output, StringComparison.Ordinal);
        // In BGR less their means blue comes first and is the largest.
        Assert.Contains("  red 1.0000", Predict("--labels", labels, "--preprocessing", "imagenet-caffe").Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("author", "Ultralytics", "red 0.33")]
    [InlineData("Image.NominalPixelRange", "NominalRange_0_255", "red 0.87")]
    public void What_its_maker_states_is_taken_without_a_warning(string key, string text, string expected)
    {
        File.WriteAllBytes(folder.File("net.onnx"), OnnxMetadata.With(MeanColourNetwork.Onnx(),
            new Dictionary<string, string> { [key] = text }));
        var (exit, output, error) = Predict("--labels", folder.With("labels.txt", "red\ngreen\nblue"));
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_its_preprocessing_is_not_known_it_is_judged_by_the_one_that_suits_it()
    {
        // Dim and bright pictures are parted by 0.27, and all that is not between 0 and 1 is cut off.
        var image = Value.Input("image", [-1, 3, 2, 2]);
        var mean = Op.Flatten(Op.GlobalAveragePool(Op.Clip(image, 0, 1)));
        float[] weights = [0, 1, 0, 1, 0, 1], biases = [3 * 0.27f, 0];
        var scores = Op.Add(Op.MatMul(mean, Constant("weights", [3, 2], weights)), Constant("biases", [2], biases));
        OnnxFile.Save(new Graph([image], ("scores", scores)), folder.File("net.onnx"));
        for (byte number = 0; number < 8; number++)
        {
            Picture($"grey/dim/{number}.png", (byte)(55 + number), 65, 63);
            Picture($"grey/bright/{number}.png", (byte)(75 + number), 80, 82);
        }
        var (exit, output, error) = Run("evaluate", folder.File("net.onnx"), folder.File("grey"),
            "--labels", folder.With("labels.txt", "dim\nbright"));
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains($"{folder.File("net.onnx")}: what it wants done with pixels is not known; right of 16 of these images: zero-to-one "
            + "100.0%, none 50.0%, ", output, StringComparison.Ordinal);
        Assert.Contains("zero-to-one is taken; --preprocessing takes another.", output, StringComparison.Ordinal);
        Assert.Contains("accuracy 100.0% of 16 images", output, StringComparison.Ordinal);
        var said = Run("evaluate", folder.File("net.onnx"), folder.File("grey"), "--labels", folder.File("labels.txt"),
            "--preprocessing", "none").Output;
        Assert.Contains("accuracy 50.0% of 16 images", said, StringComparison.Ordinal);
        Assert.DoesNotContain("is not known", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_preset_of_which_its_scores_are_no_numbers_is_not_taken()
    {
        // Softmax as some write it overflows with pixels up to 255.
        var image = Value.Input("image", [-1, 3, 2, 2]);
        var powers = Op.Exp(Op.Flatten(Op.GlobalAveragePool(image)));
        OnnxFile.Save(new Graph([image], ("scores", Op.Div(powers, Op.ReduceSum(powers, [1])))), folder.File("net.onnx"));
        for (byte number = 0; number < 8; number++)
        {
            Picture($"strong/red/{number}.png", 255, number, 0);
            Picture($"strong/blue/{number}.png", 0, number, 255);
        }
        var (exit, output, _) = Run("evaluate", folder.File("net.onnx"), folder.File("strong"),
            "--labels", folder.With("labels.txt", "red\ngreen\nblue"));
        Assert.Equal(0, exit);
        Assert.Contains("none 0.0%", output, StringComparison.Ordinal);
        Assert.Contains("accuracy 100.0% of 16 images", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Prediction_says_what_is_assumed()
    {
        File.WriteAllBytes(folder.File("net.onnx"), MeanColourNetwork.Onnx());
        var (exit, _, error) = Predict("--labels", folder.With("labels.txt", "red\ngreen\nblue"));
        Assert.Equal(0, exit);
        Assert.Contains("so imagenet-torch is taken. If that is wrong, say it with --preprocessing: none, ", error);
        Assert.Contains("'mlpipe evaluate' tries them all on labelled images.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_come_twice_are_told_apart()
    {
        File.WriteAllBytes(folder.File("net.onnx"), MeanColourNetwork.Onnx());
        Assert.Equal(["crane", "owl", "crane (2)"], ClassNames.Read(folder.With("labels.txt", "crane\nowl\ncrane")));
    }

    [Theory]
    [InlineData("red\ngreen", "labels: got 2 names, the network has 3 classes.", "'background'")]
    [InlineData("a\nb\nc\nd", "labels: got 4 names, the network has 3 classes.", "another network")]
    [InlineData("", "holds no names of classes", "one a line")]
    [InlineData("\uFEFFred\n\nblue\n\n", "labels.txt:2: is blank, each line needs the name of a class.")]
    [InlineData("\u0001\u0000PNG\nx\ny", "is no text", "one a line")]
    [InlineData("{\"0\": {}}", "holds no names of classes", "one a line")]
    public void Names_that_do_not_fit_are_refused(string labels, params string[] said)
    {
        File.WriteAllBytes(folder.File("net.onnx"), MeanColourNetwork.Onnx());
        var (exit, _, error) = Predict("--labels", folder.With("labels.txt", labels), "--preprocessing", "none");
        Assert.Equal(1, exit);
        Assert.All(said, part => Assert.Contains(part, error, StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_is_no_file_of_names() =>
        Assert.Contains($"{folder.File("data")}: is a folder, a file with the names of classes is needed",
            Assert.Throws<FileNotFoundException>(() => ClassNames.Read(folder.File("data"))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_size_that_does_not_fit_is_told_with_the_one_that_does()
    {
        OnnxFile.Save(new Sequential(new Input(8, 8, 3), new Flatten(), new Dense(3)).Build().Initialize(1), folder.File("net.onnx"));
        var (exit, _, error) = Predict("--labels", folder.With("labels.txt", "a\nb\nc"), "--preprocessing", "none", "--size", "16");
        Assert.Equal(1, exit);
        Assert.Contains("The network was made for images of 8×8 pixels, got 16×16.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void More_classes_than_there_are_make_no_top_k()
    {
        File.WriteAllBytes(folder.File("net.onnx"), MeanColourNetwork.Onnx());
        string Error(string top) => Run("evaluate", folder.File("net.onnx"), folder.File("data"), "--preprocessing", "none",
            "--labels", folder.With("labels.txt", "red\ngreen\nblue"), "--top", top).Error;
        Assert.Contains("warning: --top 3: the model has 3 classes, so that every image counts as right.", Error("3"));
        Assert.DoesNotContain("--top", Error("2"));
    }

    [Fact]
    public void Without_names_it_says_how_to_give_them()
    {
        File.WriteAllBytes(folder.File("net.onnx"), MeanColourNetwork.Onnx());
        var (exit, _, error) = Predict("--preprocessing", "none");
        Assert.Equal(1, exit);
        Assert.Contains("does not name its 3 classes. Name them with --labels FILE", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_in_the_file_that_are_too_few_are_counted()
    {
        File.WriteAllBytes(folder.File("net.onnx"), OnnxMetadata.With(MeanColourNetwork.Onnx(),
            new Dictionary<string, string> { ["names"] = "['red', 'green']" }));
        Assert.Contains("names 2 classes in its metadata 'names', but scores 3. Name them with --labels FILE",
            Predict("--preprocessing", "none").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_that_ends_in_maps_is_refused()
    {
        OnnxFile.Save(new Sequential(new Input(8, 8, 3), new Conv2D(3, 3)).Build().Initialize(1), folder.File("net.onnx"));
        var (exit, _, error) = Predict("--labels", folder.With("labels.txt", "a\nb\nc"), "--preprocessing", "none");
        Assert.Equal(1, exit);
        Assert.StartsWith($"mlpipe: {folder.File("net.onnx")}: The network gives [?,3,6,6], scores", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--labels", "x")]
    [InlineData("--preprocessing", "none")]
    [InlineData("--size", "8")]
    public void A_model_of_this_library_needs_none_of_it(string option, string value)
    {
        MeanColourNetwork.Save(folder.File("net.onnx"), MeanColourNetwork.Onnx());
        var (exit, _, error) = Predict(option, value);
        Assert.Equal(1, exit);
        Assert.StartsWith($"mlpipe: {option}: is about networks made elsewhere", error, StringComparison.Ordinal);
    }

    static Value Constant(string name, Shape shape, float[] numbers) => Value.Constant(Tensor.Of<float>(shape, numbers), name);

    void Picture(string name, params byte[] colour)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
        Image.FromPixels(2, 2, 3, [.. Enumerable.Repeat(colour, 4).SelectMany(pixel => pixel)]).Save(folder.File(name));
    }

    (int Exit, string Output, string Error) Predict(params string[] options) =>
        Run(["predict", folder.File("net.onnx"), folder.File("data/red/1.png"), .. options]);

    static (int Exit, string Output, string Error) Run(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        return (CommandLine.Run(args, output, error, TestContext.Current.CancellationToken), output.ToString(), error.ToString());
    }
}
