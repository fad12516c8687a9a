using MlPipelines.Graphs;
using MlPipelines.Imaging;
using MlPipelines.Networks;
using MlPipelines.Tests.Data;

namespace MlPipelines.Tests;

/// <summary>What a program derives: bright dots at random.</summary>
public sealed record Sparkle(float Share = 0.1f) : ImageAugmentation
{
    public override ImageChange Draw(ref Dice dice, ImageSize size) => ImageChange.None;
}

/// <summary>And a layer of its own.</summary>
public record Halving(float By = 2) : Layer
{
    protected override Value Apply(Value x) => x / By;
}

public sealed class CatalogTests
{
    [Fact]
    public void Every_member_is_found_by_its_name() =>
        Assert.All(Catalog<Augmentation>.Members, member => Assert.Equal(member.Value, Catalog<Augmentation>.Find(member.Key)));

    [Theory]
    [InlineData("")]
    [InlineData("Augmentation")]
    [InlineData("ImageAugmentation")]
    [InlineData("Image")]
    [InlineData("Sparkle")]
    [InlineData("MlPipelines.Tests.Halving")]
    [InlineData("System.String")]
    [InlineData("RandomFlip, MlPipelines.Images")]
    [InlineData("RandomFlip[")]
    [InlineData("RandomFlip*")]
    [InlineData("randomflip")]
    public void What_is_no_member_is_refused_with_the_names_there_are(string name) =>
        Assert.Matches($"^Augmentation: got '{System.Text.RegularExpressions.Regex.Escape(name)}', needs one of .*RandomFlip",
            Assert.Throws<InvalidDataException>(() => Catalog<Augmentation>.Find(name)).Message);

    [Theory]
    [InlineData("model.zip")]
    [InlineData("model.onnx")]
    public void An_augmentation_that_a_program_derives_is_saved_and_found_again(string file)
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(1);
        var pictures = MadeUp.Pictures([Image.FromPixels(2, 2, 3, new byte[12])]);
        var step = ml.Transforms.AugmentImages("Image", new RandomFlip(), new Sparkle(0.25f)).Fit(pictures);
        var path = Path.Combine(folder.Path, file);
        if (file.EndsWith(".zip", StringComparison.Ordinal))
            ml.Model.Save(step, null, path);
        else
            ml.Model.SaveAsOnnx(step, path);
        var loaded = Assert.IsType<ImageAugmentingTransformer>(new MLContext(1).Model.LoadModel(path).Steps().Single());
        Assert.Equal<Augmentation>([new RandomFlip(), new Sparkle(0.25f)], loaded.Augmentations);
    }

    [Fact]
    public void A_layer_that_a_program_derives_is_found_again_in_the_text_of_a_network()
    {
        var network = new Sequential(new Halving(4), new Flatten(), new Dense(2));
        var again = Assert.IsType<Sequential>(Network.FromJson(network.ToJson()));
        Assert.Equal(network.Layers, again.Layers);
        Assert.Contains("MlPipelines.Tests.Halving", network.ToJson(), StringComparison.Ordinal);
    }
}
