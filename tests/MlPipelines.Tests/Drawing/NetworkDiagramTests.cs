using System.Globalization;
using System.Xml.Linq;
using MlPipelines.Graphs;
using MlPipelines.Imaging;
using MlPipelines.Networks;
using MlPipelines.Tests.Evaluation;

namespace MlPipelines.Tests.Drawing;

public sealed class NetworkDiagramTests
{
    public static TheoryData<string> Names => [.. networks.Keys];

    static readonly Dictionary<string, (Network Network, Input Input)> networks = new()
    {
        ["three layers"] = (Architectures.SingleConvolutionPoolingCnn(), new(32, 32, 3)),
        ["one layer"] = (new Sequential(new Flatten(), new Dense(2)), new(4, 4, 1)),
        ["150 layers"] = (
            new Sequential([.. Enumerable.Range(0, 150).Select(i => new Conv2D(1 + i % 11, 1 + i % 4, Padding.Same))]), new(16, 16, 1)),
        ["MobileNetV2"] = (Architectures.MobileNetV2(), new(224, 224, 3)),
        ["ResNet-18"] = (Architectures.ResNet18(), new(224, 224, 3)),
        ["branches"] = (Branches(), new(8, 8, 3)),
    };

    [Theory, MemberData(nameof(Names))]
    public void No_two_boxes_overlap_and_nothing_stands_out(string name)
    {
        var (network, input) = networks[name];
        foreach (var folded in new bool?[] { null, false })
        {
            var diagram = new NetworkDiagram(network, name, input, folded);
            var boxes = Boxes(diagram);
            Assert.True(boxes.Length > 1);
            Assert.All(boxes, box => Assert.True(
                box is { Left: >= 0, Top: >= 0 } && box.Right <= diagram.Width && box.Bottom <= diagram.Height));
            for (var i = 0; i < boxes.Length; i++)
                Assert.All(boxes.Skip(i + 1), other => Assert.True(other.Left >= boxes[i].Right || other.Right <= boxes[i].Left
                    || other.Top >= boxes[i].Bottom || other.Bottom <= boxes[i].Top));
        }
    }

    [Fact]
    public void Sizes_kernels_and_repetition_are_written()
    {
        var said = Texts(new NetworkDiagram(Architectures.MobileNetV2(), "MobileNetV2", new Input(224, 224, 3)));
        Assert.Contains("Conv 3×3, 32, stride 2", said);
        Assert.Contains("32 × 112×112", said);
        Assert.Contains("inverted residual block × 3", said);
    }

    [Fact]
    public void Names_never_become_markup()
    {
        var network = new Sequential(new Conv2D(2, 1) { Name = "<script>alert(1)<" }, new Dense(2) { Name = "\"猫\u202e\u0000'&" },
            new Dense(3) { Name = new('x', 500) });
        var diagram = new NetworkDiagram(network, "</svg><i>", new Input(4, 4, 1));
        Assert.DoesNotContain(XDocument.Parse(diagram.ToSvg()).Descendants(), element => element.Name.LocalName is "script" or "i");
        Assert.True(diagram.Width < 700);
    }

    [Fact]
    public void A_network_of_any_size_needs_one()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new NetworkDiagram(Architectures.MobileNetV2(), "t"));
        Assert.Contains("takes images of any size", error.Message, StringComparison.Ordinal);
        Assert.Throws<GraphException>(() => new NetworkDiagram(Architectures.CifarCnn(), "t", new Input(2, 2, 3)));
    }

    [Fact]
    public void A_diagram_is_saved_as_a_picture_of_its_size()
    {
        using var folder = new TemporaryFolder();
        var diagram = new NetworkDiagram(Branches(), "branches");
        diagram.Save(folder.File("a.png"));
        var image = Image.FromFile(folder.File("a.png"));
        Assert.Equal((Math.Round(diagram.Width), Math.Round(diagram.Height)), (image.Width, image.Height));
    }

    static Functional Branches()
    {
        var image = Network.Input(8, 8, 3);
        Value One(Value x, int size) => new Conv2D(4, size, Padding.Same, Activation.Relu).On(x);
        var (a, b) = (One(image, 1), One(image, 3));
        var crossed = new Add().On(new Add().On(a, b), new Multiply().On(a, b));
        var ways = new Concatenate().On(One(crossed, 1), One(One(crossed, 1), 3), One(crossed, 5), crossed);
        return new(image, new Dense(3).On(new GlobalAveragePooling2D().On(ways)));
    }

    static (double Left, double Top, double Right, double Bottom)[] Boxes(NetworkDiagram diagram) =>
    [
        .. XDocument.Parse(diagram.ToSvg()).Descendants().Where(element => element.Elements().Any(inner => inner.Name.LocalName == "title"))
            .Select(box =>
            {
                double At(string name) => double.Parse(box.Attribute(name)!.Value, CultureInfo.InvariantCulture);
                return (At("x") - 1, At("y") - 1, At("x") + At("width") + 1, At("y") + At("height") + 1);
            }),
    ];

    static string[] Texts(NetworkDiagram diagram) =>
        [.. XDocument.Parse(diagram.ToSvg()).Descendants().Select(element => element.Attribute("aria-label")?.Value).OfType<string>()];
}
