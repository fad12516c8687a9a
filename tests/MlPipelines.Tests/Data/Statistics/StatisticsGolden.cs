using System.Text.Json;

namespace MlPipelines.Tests.Data.Statistics;

/// <summary>tests/golden/image_statistics.json, which the script beside it makes with NumPy and SciPy.</summary>
sealed record StatisticsGolden(StatisticsGolden.Colours Channels, StatisticsGolden.Far Offset, StatisticsGolden.White[] Whitening,
    StatisticsGolden.Eigen Eigenvalues, StatisticsGolden.Maps Geometry)
{
    public static StatisticsGolden Read { get; } = JsonSerializer.Deserialize<StatisticsGolden>(
        File.ReadAllText(Path.Combine(Repository.Root, "tests", "golden", "image_statistics.json")), JsonSerializerOptions.Web)!;

    public sealed record Colours(Picture[] Images, double[] Mean, double[] Deviation, double[] Minimum, double[] Maximum);

    public sealed record Picture(int Height, int Width, int[] Pixels);

    public sealed record Far(float[][] Vectors, double Mean, double Deviation);

    public sealed record White(int[][] Images, double[] Mean, double[] Classic, double[] Current);

    public sealed record Eigen(double[] Matrix, double[] Values);

    public sealed record Maps(float[] Image, Case[] Cases);

    public sealed record Case(double Theta, double Tx, double Ty, double Shear, double Zx, double Zy, int Order, string Mode, float Cval,
        double[] Expected);
}
