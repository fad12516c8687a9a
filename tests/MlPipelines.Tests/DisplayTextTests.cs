namespace MlPipelines.Tests;

public sealed class DisplayTextTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("cat", 3)]
    [InlineData("桜の花", 6)]
    [InlineData("한국", 4)]
    [InlineData("ａ", 2)]
    [InlineData("e\u0301", 1)]
    [InlineData("का", 1)]
    [InlineData("✅", 2)]
    [InlineData("🙂", 2)]
    [InlineData("👩‍🔬", 2)]
    [InlineData("a\u200Bb", 2)]
    [InlineData("\a", 0)]
    public void A_text_takes_the_columns_that_terminals_give_it(string text, int columns) => Assert.Equal(columns, DisplayText.Width(text));

    [Theory]
    [InlineData("桜の花が咲く", 7, "桜…く")]
    [InlineData("photograph", 10, "photograph")]
    [InlineData("photographs", 6, "pho…hs")]
    public void What_is_too_long_is_cut_in_its_middle(string text, int columns, string shortened) =>
        Assert.Equal(shortened, DisplayText.Shorten(text, columns));
}
