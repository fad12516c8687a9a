using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace MlPipelines;

/// <summary>A transformer that runs the program's own code, which a saved pipeline knows by a name.</summary>
interface INamedCode : IUnsaved
{
    /// <summary>The name; null when the code has none and cannot be saved.</summary>
    string? ContractName { get; }

    /// <summary>The columns that the code reads.</summary>
    ImmutableArray<string> InputColumns { get; }
}

/// <summary>Runs the code that the loading program has registered under a name.</summary>
/// <param name="ContractName">The name.</param>
/// <param name="InputColumns">The columns that the code reads.</param>
public sealed record NamedMapping(string ContractName, ImmutableArray<string> InputColumns) : ITransformer
{
    [JsonIgnore]
    public ITransformer? Code { get; init; }

    ITransformer Found => Code ?? throw new InvalidOperationException($"NamedMapping: '{ContractName}' has no code yet. Load the pipeline with Model.Load.");

    public DataViewSchema GetOutputSchema(DataViewSchema input) => Found.GetOutputSchema(input);

    public IDataView Transform(IDataView input) => Found.Transform(input);
}
