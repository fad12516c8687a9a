namespace MlPipelines.Execution.Kernels;

/// <summary>The sizes of a pooling x [P,H,W] → y [P,H',W'], where P counts the planes of all images; ceiling mode shows in the size of y
/// alone.</summary>
readonly record struct PoolShape(Window Window, int Planes, PlaneSize Input, PlaneSize Output)
{
    const int PartFloats = 1 << 16;

    /// <summary>Runs <paramref name="body"/> with the index of each plane, some planes at once.</summary>
    public void EachPlane(ParallelFor parallel, Action<int> body)
    {
        var (planes, atOnce) = (Planes, Math.Max(1, PartFloats / Input.Area));
        parallel((planes + atOnce - 1) / atOnce, part =>
        {
            for (var p = part * atOnce; p < Math.Min(planes, (part + 1) * atOnce); p++)
                body(p);
        });
    }
}
