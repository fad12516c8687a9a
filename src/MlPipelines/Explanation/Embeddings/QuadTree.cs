namespace MlPipelines;

/// <summary>Points of the plane in squares within squares, to sum what repels a point without looking at each other one.</summary>
/// <remarks>Nodes lie before those within them, so that a walk goes on to the next node or skips all within. Source: Barnes, Hut 1986,
/// doi:10.1038/324446a0.</remarks>
sealed class QuadTree(int points)
{
    // Halvings of the square; points that are still together then repel others as one.
    const int Depth = 16;

    readonly uint[] codes = new uint[points];
    Square[] squares = new Square[2 * points];
    int nodes;

    /// <summary>A square with points in it.</summary>
    /// <param name="X">Mean of its points.</param>
    /// <param name="Y">Mean of its points.</param>
    /// <param name="Mass">Their number.</param>
    /// <param name="Area">Of the square; negative where nothing is within, so that it always stands for its points.</param>
    /// <param name="Skip">The next square that is not within this one.</param>
    readonly record struct Square(double X, double Y, double Mass, double Area, int Skip);

    /// <summary>Numbers of the points, those near in the plane near in the order.</summary>
    public int[] Order { get; } = [.. Enumerable.Range(0, points)];

    /// <summary>Sorts the points in.</summary>
    /// <param name="places">x and y of each.</param>
    public void Build(double[] places)
    {
        var (left, top, right, bottom) =
            (double.PositiveInfinity, double.PositiveInfinity, double.NegativeInfinity, double.NegativeInfinity);
        for (var i = 0; i < points; i++)
        {
            (left, right) = (Math.Min(left, places[2 * i]), Math.Max(right, places[2 * i]));
            (top, bottom) = (Math.Min(top, places[2 * i + 1]), Math.Max(bottom, places[2 * i + 1]));
        }
        var side = Math.Max(Math.Max(right - left, bottom - top), double.Epsilon);
        var scale = ((1 << Depth) - 1) / side;
        for (var i = 0; i < points; i++)
        {
            Order[i] = i;
            codes[i] = Spread((uint)((places[2 * i] - left) * scale)) | Spread((uint)((places[2 * i + 1] - top) * scale)) << 1;
        }
        // Points of one code in the order of their numbers, so that sums do not depend on how it sorts.
        var keys = new ulong[points];
        for (var i = 0; i < points; i++)
            keys[i] = (ulong)codes[i] << 32 | (uint)i;
        Array.Sort(keys);
        for (var i = 0; i < points; i++)
            (codes[i], Order[i]) = ((uint)(keys[i] >> 32), (int)(uint)keys[i]);
        nodes = 0;
        Add(0, points, Depth, side, places);
    }

    /// <summary>What repels a point, itself left out.</summary>
    /// <param name="px">The point.</param>
    /// <param name="py">The point.</param>
    /// <param name="angle">Width by distance below which a square repels as one point.</param>
    /// <returns>The force, and the sum of 1 / (1 + distance²) over all others.</returns>
    public (double X, double Y, double Sum) Repulsion(double px, double py, double angle)
    {
        var (fx, fy, sum, limit) = (0.0, 0.0, 0.0, angle * angle);
        var all = squares.AsSpan(0, nodes);
        for (var node = 0; node < all.Length;)
        {
            ref readonly var square = ref all[node];
            var (dx, dy) = (px - square.X, py - square.Y);
            var distance = dx * dx + dy * dy;
            if (square.Area >= limit * distance)
            {
                node++;
                continue;
            }
            var near = 1 / (1 + distance);
            var weight = square.Mass * near;
            sum += weight;
            weight *= near;
            fx += weight * dx;
            fy += weight * dy;
            node = square.Skip;
        }
        return (fx, fy, sum - 1);
    }

    /// <summary>Adds the square that holds some points of the order, and those within.</summary>
    void Add(int from, int end, int level, double side, double[] places)
    {
        var node = Next();
        var shift = 2 * (level - 1);
        // A square with all its points in one of its quarters is that quarter.
        while (level > 0 && end - from > 1 && codes[from] >> shift == codes[end - 1] >> shift)
            (level, shift, side) = (level - 1, shift - 2, side / 2);
        if (level > 0 && end - from > 1)
            for (var start = from; start < end;)
            {
                var quarter = codes[start] >> shift;
                var stop = start + 1;
                while (stop < end && codes[stop] >> shift == quarter)
                    stop++;
                Add(start, stop, level - 1, side / 2, places);
                start = stop;
            }
        var (sumX, sumY) = (0.0, 0.0);
        for (var i = from; i < end; i++)
        {
            sumX += places[2 * Order[i]];
            sumY += places[2 * Order[i] + 1];
        }
        var isLeaf = nodes == node + 1;
        squares[node] = new(sumX / (end - from), sumY / (end - from), end - from, isLeaf ? -1 : side * side, nodes);
    }

    int Next()
    {
        if (nodes == squares.Length)
            Array.Resize(ref squares, 2 * nodes);
        return nodes++;
    }

    // Bits apart, with room for those of the other axis between them.
    static uint Spread(uint bits)
    {
        bits = (bits | bits << 8) & 0x00FF00FF;
        bits = (bits | bits << 4) & 0x0F0F0F0F;
        bits = (bits | bits << 2) & 0x33333333;
        return (bits | bits << 1) & 0x55555555;
    }
}
