using MlPipelines.Imaging;
using MlPipelines.Networks;
using MlPipelines.Tests.Evaluation;

namespace MlPipelines.Tests.Explanation;

/// <summary>Heat maps beside the images predicted wrongly.</summary>
[Trait("Category", "Runtime")]
public sealed class MistakeHeatMapTests
{
    [Fact]
    public void Each_copy_has_its_map_and_one_that_cannot_be_read_says_why()
    {
        using var folder = new TemporaryFolder();
        var pixels = new byte[8 * 8 * 3];
        Array.Fill<byte>(pixels, 90, 0, 60);
        Image.FromPixels(8, 8, 3, pixels).Save(folder.File("good.png"));
        var view = Scored.Files((folder.File("good.png"), "cat", "dog"), (folder.With("bad.png", "no picture"), "cat", "dog"),
            (folder.With("right.png", "never looked at"), "dog", "dog"));
        using var explainer = new NetworkExplainer(new Sequential(new Input(8, 8, 3), new Conv2D(3, 3, activation: Activation.Relu),
            new GlobalAveragePooling2D(), new Dense(2, Activation.Softmax)), ["cat", "dog"]);

        var cancellation = TestContext.Current.CancellationToken;
        var sorted = new MLContext(1).MulticlassClassification.SortMistakes(view, folder.File("miss"), cancellation: cancellation)
            .WithHeatMaps(explainer, cancellation: cancellation);

        Assert.Equal(["cat_to_dog_good.heatmap.png", null], sorted.Mistakes.Select(mistake => mistake.HeatMap));
        var map = Image.FromFile(folder.File("miss/cat_to_dog_good.heatmap.png"));
        var expected = explainer.HeatMap(Image.FromFile(folder.File("good.png")), className: "dog")
            .Overlay(Image.FromFile(folder.File("good.png")));
        Assert.Equal(expected.Pixels.ToArray(), map.Pixels.ToArray());
        var skipped = Assert.Single(sorted.Skipped);
        Assert.Equal((1L, folder.File("bad.png")), (skipped.Id, skipped.Path));
        Assert.StartsWith("cannot be explained: ", skipped.Reason, StringComparison.Ordinal);
        var list = File.ReadAllText(folder.File("miss/mistakes.json"));
        Assert.Contains("\"heatMap\": \"cat_to_dog_good.heatmap.png\"", list, StringComparison.Ordinal);
        Assert.Contains("cannot be explained", list, StringComparison.Ordinal);
    }
}
