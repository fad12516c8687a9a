
namespace MlPipelines.Tests.Evaluation;

public sealed class CsvWriterTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\"")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData(" =1", "' =1")]
    [InlineData("＝1", "'＝1")]
    [InlineData("a;b", "\"a;b\"")]
    [InlineData("a\r\nb", "\"a\r\nb\"")]
    [InlineData("\tb", "\"'\tb\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void Text_stays_text(string? text, string cell) => Assert.Equal($"{cell}\r\n", new CsvWriter().Text(text).EndRow().ToString());

    [Fact]
    public void Numbers_read_back_the_same_and_what_is_none_is_empty() =>
        Assert.Equal("-0.1,1E-05,,0.1\r\n7\r\n",
            new CsvWriter().Number(-0.1).Number(1e-5).Number(double.NaN).Number(0.1f).EndRow().Number(7.0).EndRow().ToString());
}
