using MlPipelines.Imaging;

namespace MlPipelines.Tests.Golden;

/// <summary>Images that PyTorch sought by gradient steps.</summary>
/// <param name="Size">Width and height of the images.</param>
/// <param name="Steps">Steps taken.</param>
/// <param name="Rate">Learning rate at the start.</param>
/// <param name="Tv">Weight of the total variation.</param>
/// <param name="Beta">Its exponent.</param>
/// <param name="AlphaNorm">Weight of the α-norm.</param>
/// <param name="Alpha">Its exponent.</param>
/// <param name="Cases">The cases.</param>
public sealed record GoldenOptimization(int Size, int Steps, float Rate, float Tv, float Beta, float AlphaNorm, float Alpha,
    OptimizationCase[] Cases)
{
    public TOptions On<TOptions>(TOptions options) where TOptions : ImageOptimizationOptions => options with
    {
        Steps = Steps,
        LearningRate = Rate,
        TotalVariation = Tv,
        TotalVariationExponent = Beta,
        AlphaNorm = AlphaNorm,
        AlphaNormExponent = Alpha,
        Jitter = 0,
        Start = Start,
    };

    Image Start
    {
        get
        {
            var (plane, pixels) = (Size * Size, new byte[3 * Size * Size]);
            for (var i = 0; i < pixels.Length; i++)
                pixels[i % plane * 3 + i / plane] = (byte)Math.Round(127.5 + 40 * Math.Sin(0.7 * i), MidpointRounding.ToEven);
            return Image.FromPixels(Size, Size, 3, pixels);
        }
    }
}

/// <summary>One image that was sought.</summary>
/// <param name="Name">What for.</param>
/// <param name="Losses">Before each step.</param>
/// <param name="Pixels">After the last step, [3,height,width], not rounded.</param>
public sealed record OptimizationCase(string Name, double[] Losses, double[] Pixels);
