namespace MlPipelines.Tests;

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
    [InlineData("RandomFlip, MlPipelines.Images")]
    [InlineData("RandomFlip[")]
    [InlineData("RandomFlip*")]
    [InlineData("randomflip")]
    public void What_is_no_member_is_refused_with_the_names_there_are(string name) =>
        Assert.Matches($"^Augmentation: got '{System.Text.RegularExpressions.Regex.Escape(name)}', needs one of .*RandomFlip",
            Assert.Throws<InvalidDataException>(() => Catalog<Augmentation>.Find(name)).Message);
}
