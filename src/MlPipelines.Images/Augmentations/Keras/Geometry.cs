using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>The one map of all geometric parameters.</summary>
static class Geometry
{
    /// <summary>Rotation · shift · shear · zoom about the middle, as the behaviour has it; null when nothing moves.</summary>
    public static AffineMap? Of(TransformParameters drawn, int height, int width, KerasCompatibility compatibility)
    {
        if (drawn is { Theta: 0, Tx: 0, Ty: 0, Shear: 0, Zx: 1, Zy: 1 })
            return null;
        var (turnSin, turnCos) = Math.SinCos(drawn.Theta * Math.PI / 180);
        var (shearSin, shearCos) = Math.SinCos(drawn.Shear * Math.PI / 180);
        var map = AffineMap.Scaling(drawn.Zx, drawn.Zy)
            .Then(new(1, -shearSin, 0, 0, shearCos, 0))
            .Then(AffineMap.Translation(drawn.Tx, drawn.Ty))
            .Then(new(turnCos, -turnSin, 0, turnSin, turnCos, 0));
        var beyond = compatibility == KerasCompatibility.Classic ? 0.5 : -0.5;
        map = map.About(height / 2.0 + beyond, width / 2.0 + beyond);
        // The first coordinate is the row, the second the column; Keras since 2.9 has it the other way round, but for the middle.
        return compatibility == KerasCompatibility.Current ? map : new(map.YY, map.YX, map.Y0, map.XY, map.XX, map.X0);
    }
}
