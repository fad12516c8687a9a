using System.Runtime.Intrinsics;

namespace MlPipelines;

/// <summary>Makes a smooth function small: limited-memory BFGS, steps by bisection until both of Wolfe's conditions hold.</summary>
/// <param name="tolerance">Ends where no element of the gradient is larger.</param>
/// <param name="iterations">Ends there at the latest.</param>
/// <remarks>Where the function's digits no longer tell whether it falls, its slope does. Source: Nocedal and Wright 2006, algorithms 7.4
/// and 7.5; Burke, Lewis and Overton 2020 for the bisection; Hager and Zhang 2005, equation 4.1, for the slope.</remarks>
sealed class Lbfgs(double tolerance, int iterations)
{
    const int History = 20, Trials = 40;
    const double Decrease = 1e-4, Curvature = 0.9, Precision = 1e-6;

    /// <summary>Iterations taken.</summary>
    public int Iterations { get; private set; }

    /// <summary>Whether it ended because all iterations were taken.</summary>
    public bool IsCut { get; private set; }

    /// <summary>The point where the function is smallest, as far as its precision tells.</summary>
    /// <param name="start">Where it begins.</param>
    /// <param name="function">The value at a point; writes the gradient.</param>
    public double[] Minimum(double[] start, Func<double[], double[], double> function)
    {
        var (x, g) = (start, new double[start.Length]);
        var f = function(x, g);
        var pairs = new LinkedList<(double[] S, double[] Y, double Rho)>();
        for (Iterations = 0; Iterations < iterations && g.Max(Math.Abs) > tolerance; Iterations++)
        {
            var direction = Direction(g, pairs);
            var slope = Dot(g, direction);
            if (Step(x, f, slope, direction, pairs.Count == 0 ? Math.Min(1, 1 / Math.Sqrt(Dot(g, g))) : 1, function) is not { } next)
                break;
            var (s, y) = (Sum(next.X, -1, x), Sum(next.G, -1, g));
            var product = Dot(s, y);
            // Only these keep the approximation positive definite.
            if (product > 0)
                pairs.AddFirst((s, y, 1 / product));
            if (pairs.Count > History)
                pairs.RemoveLast();
            (x, g, f) = next;
        }
        IsCut = Iterations == iterations && g.Max(Math.Abs) > tolerance;
        return x;
    }

    static double[] Direction(double[] g, LinkedList<(double[] S, double[] Y, double Rho)> pairs)
    {
        var q = g;
        var alphas = new Stack<double>();
        foreach (var (s, y, rho) in pairs)
        {
            alphas.Push(rho * Dot(s, q));
            q = Sum(q, -alphas.Peek(), y);
        }
        if (pairs.First is { Value: var (_, newest, product) })
            q = Sum(new double[q.Length], 1 / (product * Dot(newest, newest)), q);
        for (var pair = pairs.Last; pair is not null; pair = pair.Previous)
            q = Sum(q, alphas.Pop() - pair.Value.Rho * Dot(pair.Value.Y, q), pair.Value.S);
        return Array.ConvertAll(q, number => -number);
    }

    // Null when no step is found any more: the function is as small as its precision tells.
    static (double[] X, double[] G, double F)? Step(double[] from, double f, double slope, double[] direction, double length,
        Func<double[], double[], double> function)
    {
        var (low, high) = (0.0, double.PositiveInfinity);
        for (var trial = 0; trial < Trials; trial++)
        {
            var (x, g) = (Sum(from, length, direction), new double[from.Length]);
            var now = function(x, g);
            var rise = Dot(g, direction);
            // Written so that a value that is no number counts as too long a step.
            if (!(now <= f + Decrease * length * slope || (now <= f + Precision * Math.Abs(f) && rise <= (2 * Decrease - 1) * slope)))
                high = length;
            else if (rise < Curvature * slope)
                low = length;
            else
                return (x, g, now);
            length = double.IsPositiveInfinity(high) ? 2 * low : (low + high) / 2;
        }
        return null;
    }

    static double Dot(double[] a, double[] b)
    {
        var (sum, i) = (Vector512<double>.Zero, 0);
        for (; i <= a.Length - Vector512<double>.Count; i += Vector512<double>.Count)
            sum += Vector512.Create(a, i) * Vector512.Create(b, i);
        var total = Vector512.Sum(sum);
        for (; i < a.Length; i++)
            total += a[i] * b[i];
        return total;
    }

    // a + factor · b
    static double[] Sum(double[] a, double factor, double[] b)
    {
        var (sum, i) = (new double[a.Length], 0);
        for (; i <= a.Length - Vector512<double>.Count; i += Vector512<double>.Count)
            (Vector512.Create(a, i) + factor * Vector512.Create(b, i)).CopyTo(sum, i);
        for (; i < sum.Length; i++)
            sum[i] = a[i] + factor * b[i];
        return sum;
    }
}
