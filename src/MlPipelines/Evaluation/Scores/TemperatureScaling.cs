using Microsoft.ML.Runtime;

namespace MlPipelines;

/// <summary>Learns one number that makes scores honest: the temperature that their logarithms are divided by.</summary>
/// <remarks>It has to be fitted on rows that the classifier has not learnt from, on which its scores are what they will be. The class
/// predicted stays. Source: Guo and others 2017, arXiv:1706.04599, section 4.2.</remarks>
public sealed class TemperatureScaling : IEstimator<TemperatureScaler>
{
    readonly IHostEnvironment host;
    readonly string label;
    readonly TemperatureScaler unfitted;

    internal TemperatureScaling(IHostEnvironment host, string labelColumnName, string scoreColumnName) =>
        (this.host, label, unfitted) = (host, labelColumnName, new(scoreColumnName, 1) { Host = host });

    /// <summary>Finds the temperature with the least log-loss.</summary>
    /// <param name="input">Scored rows with labels.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">No row has a label that the scores know.</exception>
    public TemperatureScaler Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        unfitted.GetOutputSchema(input.Schema);
        var rows = ScoredRows.Read(input, new(label, unfitted.ScoreColumn, label));
        var known = rows.Rows.Where(row => row.Label < rows.KnownCount && !row.Scores.Any(float.IsNaN)).ToArray();
        if (known.Length == 0)
            throw new InvalidDataException($"TemperatureScaling: none of the {rows.Rows.Length} rows has a label in '{label}' that the "
                + "scores know. Fit it on labelled rows of the classes that the model was trained on.");
        var temperature = Temperature.Fit([.. known.Select(row => row.Scores)], [.. known.Select(row => row.Label)]);
        host.Report(ChannelMessageKind.Info, nameof(TemperatureScaling), $"temperature {temperature:0.###} of {known.Length} rows.");
        return unfitted with { Temperature = temperature };
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return unfitted.Shape(inputSchema);
    }
}
