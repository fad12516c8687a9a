namespace MlPipelines;

/// <summary>A range with round ticks.</summary>
/// <param name="From">Lowest tick.</param>
/// <param name="To">Highest tick.</param>
/// <param name="Step">From tick to tick: 1, 2 or 5 times a power of ten.</param>
readonly record struct Axis(double From, double To, double Step)
{
    internal IEnumerable<double> Ticks
    {
        get
        {
            var (from, step) = (From, Step);
            return Enumerable.Range(0, (int)Math.Round((To - From) / Step) + 1).Select(tick => from + tick * step);
        }
    }

    /// <summary>About five ticks around the values.</summary>
    internal static Axis Over(IReadOnlyCollection<double> values)
    {
        var (least, most) = values.Count == 0 ? (0, 1) : (values.Min(), values.Max());
        if (most - least < 1e-9 * Math.Max(1e-9, Math.Abs(most)))
            (least, most) = (least - Math.Max(0.5, Math.Abs(least) / 10), most + Math.Max(0.5, Math.Abs(most) / 10));
        var rough = (most - least) / 5;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * ((rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 });
        return new(Math.Floor(least / step) * step, Math.Ceiling(most / step) * step, step);
    }
}
