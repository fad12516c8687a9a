using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Imaging;

/// <summary>Where in the source a point of the result is taken from: x' = XX·x + XY·y + X0, y' = YX·x + YY·y + Y0.</summary>
/// <remarks>Pixel centres have whole coordinates, (0, 0) is the centre of the first pixel, x grows to the right and y downwards, as in
/// SciPy's affine_transform.</remarks>
public readonly record struct AffineMap(double XX, double XY, double X0, double YX, double YY, double Y0) : IPointMap
{
    /// <summary>Leaves each point where it is.</summary>
    public static AffineMap Identity => new(1, 0, 0, 0, 1, 0);

    /// <summary>Takes each point from <paramref name="x"/> further right and <paramref name="y"/> further down:
    /// the picture moves left and up.</summary>
    public static AffineMap Translation(double x, double y) => new(1, 0, x, 0, 1, y);

    /// <summary>Coordinates times the factors: a factor of 2 shows the picture at half its size.</summary>
    public static AffineMap Scaling(double x, double y) => new(x, 0, 0, 0, y, 0);

    /// <summary>Turns the picture anticlockwise by that angle.</summary>
    public static AffineMap Rotation(double degrees)
    {
        var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
        return new(cos, -sin, 0, sin, cos, 0);
    }

    /// <summary>Slants the picture: each row is taken from <paramref name="x"/> · y further right.</summary>
    public static AffineMap Shear(double x) => new(1, x, 0, 0, 1, 0);

    /// <summary>This map about another point than (0, 0).</summary>
    public AffineMap About(double x, double y) => Translation(-x, -y).Then(this).Then(Translation(x, y));

    /// <summary>This map, its result mapped on by the next one.</summary>
    public AffineMap Then(AffineMap next) => new(
        next.XX * XX + next.XY * YX, next.XX * XY + next.XY * YY, next.XX * X0 + next.XY * Y0 + next.X0,
        next.YX * XX + next.YY * YX, next.YX * XY + next.YY * YY, next.YX * X0 + next.YY * Y0 + next.Y0);

    /// <summary>The source of a point.</summary>
    public (double X, double Y) Apply(double x, double y) => (XX * x + XY * y + X0, YX * x + YY * y + Y0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    (Vector256<double> X, Vector256<double> Y) IPointMap.Apply(Vector256<double> x, double y) => (
        Vector256.Create(XX) * x + Vector256.Create(XY * y) + Vector256.Create(X0),
        Vector256.Create(YX) * x + Vector256.Create(YY * y) + Vector256.Create(Y0));
}
