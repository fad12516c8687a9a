using System.Security.Cryptography;
using MlPipelines.Imaging;

namespace MlPipelines.Tests.Imaging;

/// <summary>Pictures with alpha through operations, against Pillow. Made by tests/golden/alpha.py.</summary>
public sealed class AlphaGoldenTests
{
    [Theory]
    [InlineData(168, 224, 224, 224, "321d051f56267142", "959900e25596c35f")]
    [InlineData(224, 126, 224, 224, "cc663db389765c4f", "b32843af5b57295b")]
    [InlineData(300, 200, 64, 64, "f7e7371d10f55209", "e8744896cfd01641")]
    [InlineData(97, 61, 13, 61, "d20aaa1871149ff1", "020dc71e7d1226e2")]
    [InlineData(5, 3, 50, 41, "d3e5eb020d041975", "9a6b16c5f5a8a710")]
    [InlineData(1000, 2, 3, 1, "263afe688a05adf4", "1df6e49b1cee57ae")]
    [InlineData(33, 17, 33, 17, "0ccb159f7aab81dd", "0ccb159f7aab81dd")]
    [InlineData(222, 168, 222, 84, "cd9ff89b29403fbd", "269a6c8bc69ee993")]
    public void Resizing_gives_the_bytes_of_Pillow(int width, int height, int toWidth, int toHeight, string filled, string cropped)
    {
        var source = Source(width, height);
        Assert.Equal((filled, cropped),
            (Hash(source.Resize(toWidth, toHeight, ResizingKind.Fill)), Hash(source.Resize(toWidth, toHeight))));
    }

    [Theory]
    [InlineData("Brightness", 0f, "1ae06494dccfee11")]
    [InlineData("Brightness", 0.3f, "0e522386f4039030")]
    [InlineData("Brightness", 1.7f, "4983ddb0bfc46200")]
    [InlineData("Contrast", 0f, "5fb653c3079db845")]
    [InlineData("Contrast", 0.3f, "f12f7e4ae3f8e949")]
    [InlineData("Contrast", 1.7f, "bb983fa302c3b92e")]
    [InlineData("Color", 0f, "67a63427811460b9")]
    [InlineData("Color", 0.3f, "200ad32832a40cfe")]
    [InlineData("Color", 1.7f, "e5a53a463f771786")]
    [InlineData("Sharpness", 0f, "5297cdce0526a3a2")]
    [InlineData("Sharpness", 0.3f, "ef9610dc69bcd6b4")]
    [InlineData("Sharpness", 1.7f, "d71aa9ab3028f759")]
    public void Changes_of_colours_give_the_bytes_of_Pillow(string name, float factor, string expected)
    {
        var source = Source(41, 29);
        Assert.Equal(expected, Hash(name switch
        {
            "Brightness" => source.AdjustBrightness(factor),
            "Contrast" => source.AdjustContrast(factor),
            "Color" => source.AdjustSaturation(factor),
            _ => source.AdjustSharpness(factor),
        }));
    }

    static Image Source(int width, int height) => Image.FromPixels(width, height, 4,
        [.. Enumerable.Range(0, width * height * 4).Select(i => (byte)(37L * i + (long)i * i + i / 7))]);

    static string Hash(Image image) => Convert.ToHexStringLower(SHA256.HashData(image.Pixels))[..16];
}
