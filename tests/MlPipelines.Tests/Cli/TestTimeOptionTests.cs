using MlPipelines.Cli;
using MlPipelines.Imaging;
using MlPipelines.Tests.Evaluation;
using MlPipelines.Tests.Transforms;

namespace MlPipelines.Tests.Cli;

[Trait("Category", "Runtime")]
public sealed class TestTimeOptionTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    string Model(params Augmentation[] trained) => MeanColourNetwork.Save(folder.File("model.onnx"), MeanColourNetwork.Onnx(8), trained);

    string Picture()
    {
        Image.FromPixels(8, 8, 3, [.. Enumerable.Repeat(new byte[] { 3, 2, 1 }, 64).SelectMany(pixel => pixel)]).Save(folder.File("a.png"));
        return folder.File("a.png");
    }

    static (int Exit, string Output, string Error) Run(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        return (CommandLine.Run(args, output, error, TestContext.Current.CancellationToken), output.ToString(), error.ToString());
    }

    [Fact]
    public void Versions_are_drawn_from_the_augmentations_of_the_training()
    {
        var (model, picture) = (Model(new RandomSolarize(0, 1)), Picture());
        Assert.Contains("red 0.6652", Run("predict", model, picture).Output);
        // The negative, with three quarters of the weight, is bluer: 0.25 · 0.0900 + 0.75 · 0.6652.
        Assert.Contains("blue 0.5214", Run("predict", model, picture, "--tta", "4").Output);
        Assert.Contains("red 0.6652", Run("predict", model, picture, "--tta", "shift").Output);
        Assert.Contains("red 0.6652", Run("predict", model, picture, "--tta", "none").Output);
    }

    [Fact]
    public void Evaluating_takes_them_too()
    {
        var model = Model(new RandomSolarize(0, 1));
        Directory.CreateDirectory(folder.File("data/red"));
        Directory.CreateDirectory(folder.File("data/blue"));
        File.Copy(Picture(), folder.File("data/red/a.png"));
        File.Copy(Picture(), folder.File("data/blue/a.png"));
        Assert.Equal(0, Run("evaluate", model, folder.File("data"), "--output", folder.File("plain")).Exit);
        Assert.Equal(0, Run("evaluate", model, folder.File("data"), "--tta", "2", "--output", folder.File("averaged")).Exit);
        Assert.All(File.ReadLines(folder.File("plain/predictions.csv")).Skip(1), line => Assert.Contains("0.665", line));
        Assert.All(File.ReadLines(folder.File("averaged/predictions.csv")).Skip(1), line => Assert.Contains("0.521", line));
    }

    [Theory, InlineData("0"), InlineData("1001"), InlineData("-1"), InlineData("flip"), InlineData("2.5")]
    public void Anything_else_is_a_misuse(string text)
    {
        var (exit, _, error) = Run("predict", "model.onnx", "a.png", "--tta", text);
        Assert.Equal(2, exit);
        Assert.Contains($"--tta: got '{text}', needs a whole number from 1 to 1000, or one of none, mirror, shift.", error);
    }

    [Fact]
    public void A_model_trained_without_augmentation_says_what_to_do()
    {
        var (exit, _, error) = Run("predict", Model(), Picture(), "--tta", "4");
        Assert.Equal(1, exit);
        Assert.Contains("there is nothing to draw from", error);
    }
}
