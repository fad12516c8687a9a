namespace MlPipelines;

/// <summary>Blurs planes of numbers in place, the border repeated.</summary>
static class PlaneBlur
{
    /// <param name="planes">Any number of planes [height,width].</param>
    /// <param name="size">Of each.</param>
    /// <param name="deviation">Of the Gaussian, in places.</param>
    public static void Apply(float[] planes, (int Height, int Width) size, double deviation)
    {
        var radius = Math.Max(1, (int)Math.Ceiling(3 * deviation));
        var kernel = Enumerable.Range(-radius, 2 * radius + 1).Select(at => Math.Exp(-at * at / (2 * deviation * deviation))).ToArray();
        var sum = kernel.Sum();
        float[] weights = [.. kernel.Select(weight => (float)(weight / sum))];
        for (var first = 0; first < planes.Length; first += size.Height * size.Width)
        {
            var plane = planes.AsSpan(first, size.Height * size.Width);
            Lines(plane, (size.Height, size.Width), (size.Width, 1), weights);
            Lines(plane, (size.Width, size.Height), (1, size.Width), weights);
        }
    }

    static void Lines(Span<float> plane, (int Lines, int Length) count, (int Line, int Place) step, float[] weights)
    {
        var (line, radius) = (new float[count.Length], weights.Length / 2);
        for (var number = 0; number < count.Lines; number++)
        {
            for (var place = 0; place < line.Length; place++)
                line[place] = plane[number * step.Line + place * step.Place];
            for (var place = 0; place < line.Length; place++)
            {
                var sum = 0f;
                for (var tap = 0; tap < weights.Length; tap++)
                    sum += weights[tap] * line[Math.Clamp(place + tap - radius, 0, line.Length - 1)];
                plane[number * step.Line + place * step.Place] = sum;
            }
        }
    }
}
