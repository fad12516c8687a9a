using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Imaging;

/// <summary>Where in the source a point of the result is taken from: x' = (XX·x + XY·y + X0) / w, y' = (YX·x + YY·y + Y0) / w,
/// w = WX·x + WY·y + W0.</summary>
/// <remarks>Coordinates as in <see cref="AffineMap"/>. Points where w is not positive lie beyond the horizon, outside the source.</remarks>
public readonly record struct PerspectiveMap(double XX, double XY, double X0, double YX, double YY, double Y0, double WX, double WY,
    double W0) : IPointMap
{
    const double Horizon = 1e-6;

    /// <summary>The map that is an affine one.</summary>
    public static PerspectiveMap From(AffineMap map) => new(map.XX, map.XY, map.X0, map.YX, map.YY, map.Y0, 0, 0, 1);

    /// <summary>Shows the whole of a picture within four corners.</summary>
    /// <param name="width">Of the picture, at least 2 pixels.</param>
    /// <param name="height">Of the picture, at least 2 pixels.</param>
    /// <param name="topLeft">Where its corner comes to lie; the four make a convex quadrilateral.</param>
    /// <param name="topRight">Where its corner comes to lie.</param>
    /// <param name="bottomRight">Where its corner comes to lie.</param>
    /// <param name="bottomLeft">Where its corner comes to lie.</param>
    /// <exception cref="ArgumentException">Three of the corners lie in one line.</exception>
    /// <remarks>Source: Heckbert 1989, Fundamentals of Texture Mapping, §2.2.3.</remarks>
    public static PerspectiveMap ToCorners(int width, int height, (double X, double Y) topLeft, (double X, double Y) topRight,
        (double X, double Y) bottomRight, (double X, double Y) bottomLeft)
    {
        var (across, down) = (Check.AtLeast(width, 2) - 1, Check.AtLeast(height, 2) - 1);
        var (x1, y1) = (topRight.X - bottomRight.X, topRight.Y - bottomRight.Y);
        var (x2, y2) = (bottomLeft.X - bottomRight.X, bottomLeft.Y - bottomRight.Y);
        var (x3, y3) = (topLeft.X - topRight.X + bottomRight.X - bottomLeft.X, topLeft.Y - topRight.Y + bottomRight.Y - bottomLeft.Y);
        var area = x1 * y2 - x2 * y1;
        var (wx, wy) = ((x3 * y2 - x2 * y3) / area, (x1 * y3 - x3 * y1) / area);
        var unitSquareToCorners = new PerspectiveMap(
            topRight.X - topLeft.X + wx * topRight.X, bottomLeft.X - topLeft.X + wy * bottomLeft.X, topLeft.X,
            topRight.Y - topLeft.Y + wx * topRight.Y, bottomLeft.Y - topLeft.Y + wy * bottomLeft.Y, topLeft.Y,
            wx, wy, 1);
        return unitSquareToCorners.Inverse().Then(From(AffineMap.Scaling(across, down)));
    }

    /// <summary>This map, its result mapped on by the next one.</summary>
    public PerspectiveMap Then(PerspectiveMap next) => new(
        next.XX * XX + next.XY * YX + next.X0 * WX, next.XX * XY + next.XY * YY + next.X0 * WY, next.XX * X0 + next.XY * Y0 + next.X0 * W0,
        next.YX * XX + next.YY * YX + next.Y0 * WX, next.YX * XY + next.YY * YY + next.Y0 * WY, next.YX * X0 + next.YY * Y0 + next.Y0 * W0,
        next.WX * XX + next.WY * YX + next.W0 * WX, next.WX * XY + next.WY * YY + next.W0 * WY, next.WX * X0 + next.WY * Y0 + next.W0 * W0);

    /// <summary>The source of a point; one beyond the horizon lies very far away.</summary>
    public (double X, double Y) Apply(double x, double y)
    {
        var w = Math.Max(WX * x + WY * y + W0, Horizon);
        return ((XX * x + XY * y + X0) / w, (YX * x + YY * y + Y0) / w);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    (Vector256<double> X, Vector256<double> Y) IPointMap.Apply(Vector256<double> x, double y)
    {
        var w = Vector256.Max(Vector256.Create(WX) * x + Vector256.Create(WY * y) + Vector256.Create(W0), Vector256.Create(Horizon));
        return (
            (Vector256.Create(XX) * x + Vector256.Create(XY * y) + Vector256.Create(X0)) / w,
            (Vector256.Create(YX) * x + Vector256.Create(YY * y) + Vector256.Create(Y0)) / w);
    }

    PerspectiveMap Inverse()
    {
        var (a, b, c) = (YY * W0 - Y0 * WY, Y0 * WX - YX * W0, YX * WY - YY * WX);
        var determinant = XX * a + XY * b + X0 * c;
        if (!double.IsFinite(determinant) || Math.Abs(determinant) < Horizon)
            throw new ArgumentException("PerspectiveMap: three corners lie in one line, needs a convex quadrilateral.");
        var scale = 1 / determinant;
        return new(
            a * scale, (X0 * WY - XY * W0) * scale, (XY * Y0 - X0 * YY) * scale,
            b * scale, (XX * W0 - X0 * WX) * scale, (X0 * YX - XX * Y0) * scale,
            c * scale, (XY * WX - XX * WY) * scale, (XX * YY - XY * YX) * scale);
    }
}
