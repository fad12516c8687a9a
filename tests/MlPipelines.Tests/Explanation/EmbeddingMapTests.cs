using System.Text.Json;
using System.Text.RegularExpressions;
using MlPipelines.Imaging;
using MlPipelines.Networks;
using MlPipelines.Tests.Evaluation;

namespace MlPipelines.Tests.Explanation;

/// <summary>Maps of images as pictures and as pages.</summary>
[Trait("Category", "Runtime")]
public sealed class EmbeddingMapTests : IDisposable
{
    const string Hostile = "</script><b>&\"'";

    readonly TemporaryFolder folder = new();
    // The score of a class is the mean of a colour, so that each image's class is told by hand.
    readonly NetworkExplainer explainer = new(new Sequential(new Input(6, 6, 3), new GlobalAveragePooling2D { Name = "means" },
        Activation.Softmax),
        ["red", "green", Hostile]);

    public void Dispose()
    {
        explainer.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void What_is_taken_for_another_class_has_a_ring()
    {
        var chart = explainer.SaveMap(Images(), folder.File("map.svg"), layer: "means");
        Assert.Equal([("green", 4), ("red", 5), (Hostile, 3)],
            chart.Groups.OrderBy(group => group.Name.Length is 3 ? 1 : group.Name.Length is 5 ? 0 : 2)
            .Select(group => (group.Name, group.Count)));
        Assert.Equal([false, false, false, false, true, false, false, false, false, false, false, false],
            chart.Points.Select(point => point.IsMarked));
        var svg = File.ReadAllText(folder.File("map.svg"));
        Assert.DoesNotContain("<b>", svg, StringComparison.Ordinal);
        // A ring for the image and one in the legend.
        Assert.Equal(2, Regex.Count(svg, "fill=\"none\" stroke=\"#111\""));
        explainer.SaveMap(Images(), folder.File("map.png"), Embedding.OfPrincipalComponents, "means");
        Assert.True(Image.FromFile(folder.File("map.png")).Width > 900);
    }

    [Fact]
    public void A_page_holds_its_images_and_no_markup_of_names()
    {
        var chart = explainer.SaveMap(Images(), folder.File("map.html"), layer: "means");
        var page = File.ReadAllText(folder.File("map.html"));
        Assert.DoesNotContain("<b>&", page, StringComparison.Ordinal);
        Assert.Equal(1, Regex.Count(page, "</script>"));
        Assert.DoesNotContain("http://", page.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal),
            StringComparison.Ordinal);
        var points = JsonDocument.Parse(Regex.Match(page, @"const points = (\[.*\]);").Groups[1].Value).RootElement;
        Assert.Equal(chart.Points.Count, points.GetArrayLength());
        Assert.Equal($"photo 0 {Hostile}.png", points[0].GetProperty("n").GetString());
        var address = points[0].GetProperty("t").GetString()!.Split("data:image/png;base64,");
        Assert.Equal("", address[0]);
        // A small image is there as it is.
        Assert.Equal(Images()[0].Image.ToRgb().Pixels.ToArray(),
            Image.FromBytes(Convert.FromBase64String(address[1])).ToRgb().Pixels.ToArray());
    }

    [Fact]
    public void Classes_that_the_network_does_not_know_are_not_mistakes()
    {
        var chart = explainer.SaveMap([.. Images().Select(image => image with { Class = "cat" })], folder.File("map.svg"), layer: "means");
        Assert.DoesNotContain(chart.Points, point => point.IsMarked);
        Assert.Null(chart.Mark);
        Assert.Equal(["red", "red"],
            explainer.SaveMap([.. Images().Select(image => image with { Class = null })], folder.File("map.svg"), layer: "means")
            .Points.Take(2).Select(point => point.Group));
    }

    [Fact]
    public void What_does_not_go_is_said()
    {
        Assert.Contains("needs .png, .svg or .html", Assert.Throws<ArgumentException>(() =>
            explainer.SaveMap(Images(), folder.File("map.gif"), layer: "means")).Message);
        Assert.Contains("got 2, at least 3", Assert.Throws<ArgumentException>(() =>
            explainer.SaveMap(Images()[..2], folder.File("map.png"), layer: "means")).Message);
        Assert.Contains("'conv' is not in the network", Assert.Throws<ArgumentException>(() =>
            explainer.SaveMap(Images(), folder.File("map.png"), layer: "conv")).Message);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(100)]
    public void Groups_have_colours_of_their_own(int count)
    {
        var chart = new ScatterChart("all", [.. Enumerable.Range(0, count).Select(i => new ScatterPoint(i, 0, $"class {i:000}"))]);
        Assert.Equal(count, chart.Groups.Select(group => group.Colour).Distinct().Count());
        Assert.All(chart.Groups, group => Assert.Matches("^#[0-9a-f]{6}$", group.Colour));
        Assert.Equal(count > 33, chart.ToSvg().Contains("more", StringComparison.Ordinal));
    }

    static MappedImage[] Images() => [.. Enumerable.Range(0, 12).Select(i =>
    {
        // The fifth is green and called red.
        var channel = i < 4 ? 0 : i < 9 ? 1 : 2;
        var pixels = new byte[6 * 6 * 3];
        for (var place = 0; place < 36; place++)
            pixels[3 * place + channel] = (byte)(100 + 10 * i);
        return new MappedImage($"photo {i} {Hostile}.png", Image.FromPixels(6, 6, 3, pixels),
            i <= 4 ? "red" : i < 9 ? "green" : Hostile);
    })];
}
