using MlPipelines.Imaging;
using MlPipelines.Tests.Evaluation;

namespace MlPipelines.Tests.Cli;

/// <summary>A folder of small pictures that are red or blue.</summary>
static class RedAndBlue
{
    /// <summary>Makes data/red and data/blue of 16×16 pixels.</summary>
    public static void Make(TemporaryFolder folder, int each)
    {
        foreach (var (label, red) in new[] { ("red", 150), ("blue", 100) })
            for (var number = 0; number < each; number++)
            {
                var (dice, pixels) = (Dice.For(red, number), new byte[16 * 16 * 3]);
                for (var i = 0; i < pixels.Length; i++)
                    pixels[i] = (byte)(i % 3 == 0 ? red + dice.Below(60) : 125 + dice.Below(60) - red / 2);
                Directory.CreateDirectory(folder.File($"data/{label}"));
                Image.FromPixels(16, 16, 3, pixels).Save(folder.File($"data/{label}/{number}.png"));
            }
    }
}
