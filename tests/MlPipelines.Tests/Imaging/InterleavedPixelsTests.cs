using MlPipelines.Imaging;

namespace MlPipelines.Tests.Imaging;

public class InterleavedPixelsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void Pixels_of_any_count_come_channel_by_channel(int channels)
    {
        for (var width = 1; width <= 40; width++)
        {
            var image = Image.FromPixels(width, 3, channels, [.. Enumerable.Range(0, width * 3 * channels).Select(i => (byte)(i * 77))]);
            var input = new NetworkInput(channels, 3, width);
            var planes = new float[input.Length];
            NetworkInput.Write(input.Content(image, "image"), planes);
            for (var i = 0; i < planes.Length; i++)
                Assert.Equal(image.Pixels[i % (3 * width) * channels + i / (3 * width)], planes[i]);
        }
    }
}
