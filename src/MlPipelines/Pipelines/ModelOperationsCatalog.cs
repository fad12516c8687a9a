using System.Diagnostics.CodeAnalysis;

namespace MlPipelines;

/// <summary>What <c>MLContext.Model</c> can do: save, load, predict one by one.</summary>
[SuppressMessage("Performance", "CA1822", Justification = "The verbs of a catalog are called on the catalog, as in ML.NET.")]
public sealed class ModelOperationsCatalog(MLContext context)
{
    public MLContext Context { get; } = context;

    /// <summary>Saves a fitted pipeline as one ONNX file, which any runtime can run: the network is its graph, the steps, labels and sizes are in its metadata.</summary>
    /// <param name="model">The pipeline; one without a network is stored beside a graph that hands its input on.</param>
    /// <param name="path">The file, whatever its extension (ML.NET's programs say .zip); it is written aside and renamed, so that it is whole or not there.</param>
    /// <exception cref="NotSupportedException">A step cannot be stored; the message names it.</exception>
    public void Save(ITransformer model, string path) => Save(model, null, path);

    /// <summary>Saves a fitted pipeline together with the columns it was fitted on.</summary>
    public void Save(ITransformer model, DataViewSchema? inputSchema, string path)
    {
        var file = ModelFile.Write(model, inputSchema);
        AtomicFile.Write(path, stream => stream.Write(file));
        Context.Report(ChannelMessageKind.Info, "Save", $"{path}: {file.Length} bytes written.");
    }

    /// <summary>Saves a fitted pipeline together with the columns it was fitted on.</summary>
    public void Save(ITransformer model, DataViewSchema? inputSchema, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(ModelFile.Write(model, inputSchema));
    }

    /// <summary>Loads a pipeline that <see cref="Save(ITransformer, string)"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is cut short, or none of that kind; the message names it.</exception>
    public TransformerChain<ITransformer> Load(string path) => Load(path, out _);

    /// <summary>Loads a pipeline and the columns it was fitted on (none if they were not saved).</summary>
    public TransformerChain<ITransformer> Load(string path, out DataViewSchema inputSchema)
    {
        var model = ModelFile.Read(File.ReadAllBytes(path), path, Context.Device, Context.ComponentCatalog, out inputSchema);
        Context.Report(ChannelMessageKind.Info, "Load", $"{path}: {model.Count} steps read.");
        return model;
    }

    /// <summary>Loads a pipeline and the columns it was fitted on (none if they were not saved).</summary>
    public TransformerChain<ITransformer> Load(Stream stream, out DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        var model = ModelFile.Read(bytes.ToArray(), (stream as FileStream)?.Name ?? "model", Context.Device, Context.ComponentCatalog, out inputSchema);
        Context.Report(ChannelMessageKind.Info, "Load", $"{model.Count} steps read.");
        return model;
    }

    /// <summary>Predicts for objects of your own class, from several threads if need be.</summary>
    /// <param name="transformer">The model; the engine does not dispose of it.</param>
    /// <param name="ignoreMissingColumns">True to leave members of <typeparamref name="TDst"/> without a column as they are.</param>
    /// <param name="inputSchemaDefinition">Names of the columns of <typeparamref name="TSrc"/>, where its attributes do not say them.</param>
    /// <param name="outputSchemaDefinition">Names of the columns of <typeparamref name="TDst"/>, where its attributes do not say them.</param>
    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, bool ignoreMissingColumns = true,
        SchemaDefinition? inputSchemaDefinition = null, SchemaDefinition? outputSchemaDefinition = null) where TSrc : class where TDst : class, new() =>
        new(transformer, new() { IgnoreMissingColumns = ignoreMissingColumns, InputSchemaDefinition = inputSchemaDefinition, OutputSchemaDefinition = outputSchemaDefinition });

    /// <summary>Predicts for objects of your own class, from several threads if need be.</summary>
    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, PredictionEngineOptions options) where TSrc : class where TDst : class, new() =>
        new(transformer, options);

    /// <summary>Predicts for objects of your own class, as ML.NET's programs ask for it.</summary>
    /// <exception cref="ArgumentException">The class lacks a column of the schema that the model needs.</exception>
    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, DataViewSchema inputSchema) where TSrc : class where TDst : class, new()
    {
        ArgumentNullException.ThrowIfNull(transformer);
        transformer.GetOutputSchema(inputSchema);
        return new(transformer, new());
    }
}
