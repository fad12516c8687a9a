using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Microsoft.ML.Runtime;

namespace MlPipelines;

/// <summary>A transformer of this library. All that it is stands in its properties, which are saved as text, and in its streams; ML.NET's
/// models hold it without being told of it.</summary>
/// <remarks>Adding one is adding a sealed record that derives from this or from one of its kinds.</remarks>
public abstract record Step : ITransformer, ITransformerWithDifferentMappingAtTrainingTime
{
    private protected Step() { }

    /// <summary>Whose log is told of pictures that cannot be read.</summary>
    [JsonIgnore]
    internal IHostEnvironment? Host { get; init; }

    /// <summary>What is saved beside the text, by name.</summary>
    [JsonIgnore]
    internal virtual ImmutableDictionary<string, ReadOnlyMemory<byte>> Streams => ImmutableDictionary<string, ReadOnlyMemory<byte>>.Empty;

    /// <summary>This step with the streams that were saved beside its text.</summary>
    /// <exception cref="InvalidDataException">One is missing or damaged.</exception>
    internal virtual Step WithStreams(ImmutableDictionary<string, ReadOnlyMemory<byte>> streams) => this;

    /// <summary>What to do instead where the step runs code of the program, which no file can hold; null where it can be saved.</summary>
    [JsonIgnore]
    internal virtual string? ReasonNotToSave => null;

    /// <inheritdoc/>
    public abstract DataViewSchema GetOutputSchema(DataViewSchema inputSchema);

    /// <inheritdoc/>
    public abstract IDataView Transform(IDataView input);

    /// <summary>What the steps after it see while a chain is fitted.</summary>
    private protected virtual IDataView TransformWhileFitting(IDataView input) => Transform(input);

    IDataView ITransformerWithDifferentMappingAtTrainingTime.TransformForTrainingPipeline(IDataView input) => TransformWhileFitting(input);

    bool ITransformer.IsRowToRowMapper => true;

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => MapperOver(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => SavedStep.Save(ctx, this);

    /// <summary>The mapping of single rows with those columns.</summary>
    private protected abstract IRowToRowMapper MapperOver(DataViewSchema inputSchema);

    /// <summary>The shape of the columns behind the step.</summary>
    internal virtual SchemaShape Shape(SchemaShape input) => Shapes.After(input, GetOutputSchema);

    internal void Warn(string message) => Host?.Warn(GetType().Name, message);
}
