using MlPipelines.Cli;
using MlPipelines.Imaging;
using MlPipelines.Tests.Evaluation;
using MlPipelines.Tests.Imaging;

namespace MlPipelines.Tests.Cli;

public sealed class AugmentCommandTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public AugmentCommandTests()
    {
        foreach (var number in Enumerable.Range(0, 10))
            foreach (var name in new[] { "a", "b" })
            {
                Directory.CreateDirectory(folder.File($"data/{name}"));
                Pictures.Noise(24, 20, number + name[0]).Save(folder.File($"data/{name}/{number}.png"));
            }
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Augment_draws_a_picture_that_follows_from_the_seed_and_the_augmentations()
    {
        byte[] Sheet(params string[] args)
        {
            var (exit, output, error) = Run(["augment", folder.File("data"), "--output", folder.File("sheet.png"), .. args]);
            Assert.Equal((0, ""), (exit, error));
            Assert.Matches($@"^written: {folder.File("sheet.png")} \(\d+×\d+\)\s*$", output);
            return File.ReadAllBytes(folder.File("sheet.png"));
        }
        var usual = Sheet();
        Assert.Equal(usual,
            Sheet("--seed", "1", "--size", "96", "--augment", "RandomFlip,RandomShift(0.1),RandomRotation(10),RandomErasing(0.25)"));
        Assert.NotEqual(usual, Sheet("--seed", "2"));
        Assert.NotEqual(usual, Sheet("--no-augment"));
        Sheet("--count", "1", "--epochs", "2");
        Assert.True(Image.FromFile(folder.File("sheet.png")).Height < Image.FromBytes(usual).Height);
    }

    [Fact]
    public void A_sheet_of_a_data_set_is_drawn_beside_it_and_never_in_it()
    {
        var (exit, output, _) = Run("dataset", "sheet", folder.File("data"), "--per-class", "3", "--output", folder.File("sheet.jpg"));
        Assert.Equal(0, exit);
        Assert.StartsWith($"written: {folder.File("sheet.jpg")} (", output, StringComparison.Ordinal);
        foreach (var command in new[] { (string[])["augment"], ["dataset", "sheet"] })
        {
            Assert.Contains("lies in the data folder",
                Run([.. command, folder.File("data"), "--output", folder.File("data/a/sheet.png")]).Error, StringComparison.Ordinal);
            Assert.Contains("got the extension '.tif', needs .png or .jpg.",
                Run([.. command, folder.File("data"), "--output", folder.File("sheet.tif")]).Error, StringComparison.Ordinal);
            Assert.Equal(1, Run([.. command, folder.File("none")]).Exit);
        }
        Assert.Equal(20, Directory.GetFiles(folder.File("data"), "*", SearchOption.AllDirectories).Length);
    }

    [Theory]
    [InlineData("augment x --augment Foo", "--augment: 'Foo': is no augmentation, there are ")]
    [InlineData("augment x --augment RandomFlip --no-augment", "--augment, --no-augment: got both")]
    [InlineData("train x --augment RandomHue(2)", "--augment: RandomHue: ")]
    [InlineData("augment x --count 0", "--count: got '0'")]
    [InlineData("dataset sheet x --per-class many", "--per-class: got 'many'")]
    public void Misuse_is_said_before_anything_is_done(string arguments, string said)
    {
        var (exit, _, error) = Run(arguments.Split(' '));
        Assert.Equal(2, exit);
        Assert.StartsWith($"mlpipe: {said}", error, StringComparison.Ordinal);
    }

    static (int Exit, string Output, string Error) Run(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        return (CommandLine.Run(args, output, error, TestContext.Current.CancellationToken), output.ToString(), error.ToString());
    }
}
