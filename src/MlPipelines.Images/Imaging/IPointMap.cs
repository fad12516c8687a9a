using System.Runtime.Intrinsics;

namespace MlPipelines.Imaging;

/// <summary>Where in the source a point of the result is taken from; for one point and for four, to the same bits.</summary>
interface IPointMap
{
    /// <summary>The source of a point.</summary>
    (double X, double Y) Apply(double x, double y);

    /// <summary>The sources of four points of one row.</summary>
    (Vector256<double> X, Vector256<double> Y) Apply(Vector256<double> x, double y);
}
