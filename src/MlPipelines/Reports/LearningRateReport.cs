using System.Globalization;

namespace MlPipelines;

/// <summary>A search for a learning rate, as table and as chart.</summary>
public static class LearningRateReport
{
    /// <summary>One row a step.</summary>
    public static string ToCsv(this LearningRateCurve curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        var csv = new CsvWriter().Text("learning_rate").Text("loss").Text("smoothed_loss").EndRow();
        foreach (var point in curve.Points)
            csv.Number(point.LearningRate).Number(point.Loss).Number(point.Smoothed).EndRow();
        return csv.ToString();
    }

    /// <summary>The smoothed losses over the learning rate on a logarithmic scale; the suggestion is in the title.</summary>
    public static Chart ToChart(this LearningRateCurve curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        var suggested = curve.Suggestion is { } rate ? $"suggested {rate.ToString("g2", CultureInfo.InvariantCulture)}"
            : "no suggestion: the loss never falls";
        return new LineChart($"Loss while the learning rate rises; {suggested}", "learning rate",
            [.. curve.Points.Select(point => (double)point.LearningRate)],
            new Series("smoothed loss", [.. curve.Points.Select(point => point.Smoothed)]))
        { IsLogarithmic = true };
    }
}
