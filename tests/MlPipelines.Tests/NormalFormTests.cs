using System.Globalization;
using MlPipelines.Tests.Golden;

namespace MlPipelines.Tests;

public sealed class NormalFormTests
{
    static string Text(string codes) => string.Concat(codes.Split(' ').Select(code =>
        char.ConvertFromUtf32(int.Parse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture))));

    [Fact]
    public void It_is_that_of_the_standard() =>
        Assert.All(GoldenFile.Read<string[][]>("normal_form.json"), pair => Assert.Equal(Text(pair[1]), NormalForm.Of(Text(pair[0]))));

    [Fact]
    public void A_second_time_it_changes_nothing() =>
        Assert.All(GoldenFile.Read<string[][]>("normal_form.json"), pair => Assert.Equal(Text(pair[1]), NormalForm.Of(Text(pair[1]))));

    [Theory]
    [InlineData("cafe\u0301", "caf\u00E9")]
    [InlineData("caf\u00E9", "caf\u00E9")]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("\uD800x\u0301", "\uD800x\u0301")]
    [InlineData("日本語 🐈", "日本語 🐈")]
    public void Names_of_classes(string written, string normal) => Assert.Equal(normal, NormalForm.Of(written));

    [Fact]
    public void Forms_that_look_alike_are_told_apart_when_they_are_spelt() =>
        Assert.Equal(("cafe\\u0301", "caf\\u00E9"), (NormalForm.Escaped("cafe\u0301"), NormalForm.Escaped("caf\u00E9")));
}
