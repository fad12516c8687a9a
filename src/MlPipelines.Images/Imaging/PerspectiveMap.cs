using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Imaging;

/// <summary>X · x + Y · y + Constant, of a point (x, y).</summary>
public readonly record struct LinearForm(double X, double Y, double Constant)
{
    /// <summary>Its value at a point.</summary>
    public double At(double x, double y) => X * x + Y * y + Constant;

    internal LinearForm Of(LinearForm x, LinearForm y, LinearForm w) => new(
        X * x.X + Y * y.X + Constant * w.X, X * x.Y + Y * y.Y + Constant * w.Y, X * x.Constant + Y * y.Constant + Constant * w.Constant);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Vector256<double> At(Vector256<double> x, double y) =>
        Vector256.Create(X) * x + Vector256.Create(Y * y) + Vector256.Create(Constant);
}

/// <summary>Where in the source a point of the result is taken from: x' = X(x, y) / W(x, y), y' = Y(x, y) / W(x, y).</summary>
/// <remarks>Coordinates as in <see cref="AffineMap"/>. Points where W is not positive lie beyond the horizon, outside the source.</remarks>
public readonly record struct PerspectiveMap(LinearForm X, LinearForm Y, LinearForm W) : IPointMap
{
    const double Horizon = 1e-6;

    /// <summary>The map that is an affine one.</summary>
    public static PerspectiveMap From(AffineMap map) => new(new(map.XX, map.XY, map.X0), new(map.YX, map.YY, map.Y0), new(0, 0, 1));

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
            new(topRight.X - topLeft.X + wx * topRight.X, bottomLeft.X - topLeft.X + wy * bottomLeft.X, topLeft.X),
            new(topRight.Y - topLeft.Y + wx * topRight.Y, bottomLeft.Y - topLeft.Y + wy * bottomLeft.Y, topLeft.Y),
            new(wx, wy, 1));
        return unitSquareToCorners.Inverse().Then(From(AffineMap.Scaling(across, down)));
    }

    /// <summary>This map, its result mapped on by the next one.</summary>
    public PerspectiveMap Then(PerspectiveMap next) => new(next.X.Of(X, Y, W), next.Y.Of(X, Y, W), next.W.Of(X, Y, W));

    /// <summary>The source of a point; one beyond the horizon lies very far away.</summary>
    public (double X, double Y) Apply(double x, double y)
    {
        var w = Math.Max(W.At(x, y), Horizon);
        return (X.At(x, y) / w, Y.At(x, y) / w);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    (Vector256<double> X, Vector256<double> Y) IPointMap.Apply(Vector256<double> x, double y)
    {
        var w = Vector256.Max(W.At(x, y), Vector256.Create(Horizon));
        return (X.At(x, y) / w, Y.At(x, y) / w);
    }

    PerspectiveMap Inverse()
    {
        var (a, b, c) = (Y.Y * W.Constant - Y.Constant * W.Y, Y.Constant * W.X - Y.X * W.Constant, Y.X * W.Y - Y.Y * W.X);
        var determinant = X.X * a + X.Y * b + X.Constant * c;
        if (!double.IsFinite(determinant) || Math.Abs(determinant) < Horizon)
            throw new ArgumentException("PerspectiveMap: three corners lie in one line, needs a convex quadrilateral.");
        var scale = 1 / determinant;
        return new(
            new(a * scale, (X.Constant * W.Y - X.Y * W.Constant) * scale, (X.Y * Y.Constant - X.Constant * Y.Y) * scale),
            new(b * scale, (X.X * W.Constant - X.Constant * W.X) * scale, (X.Constant * Y.X - X.X * Y.Constant) * scale),
            new(c * scale, (X.Y * W.X - X.X * W.Y) * scale, (X.X * Y.Y - X.Y * Y.X) * scale));
    }
}
