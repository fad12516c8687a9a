using MlPipelines.Execution;
using MlPipelines.Graphs;

namespace MlPipelines;

/// <summary>Models in files: ML.NET's zip by its own Save and Load, one ONNX file by these.</summary>
public static class ModelFiles
{
    /// <summary>Saves a fitted pipeline as one ONNX file, which any runtime can run: the network is its graph, and the steps, labels and
    /// sizes are in its metadata.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="model">The pipeline; steps of ML.NET are kept too. One without a network is stored
    /// beside a graph that hands its input on.</param>
    /// <param name="path">The file; it is written aside and renamed, so that it is whole or not there.</param>
    /// <param name="inputSchema">The columns that it was fitted on; null to leave them out.</param>
    /// <exception cref="NotSupportedException">A step cannot be stored, or there are several networks; the message names it.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void SaveAsOnnx(this ModelOperationsCatalog catalog, ITransformer model, string path, DataViewSchema? inputSchema = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        OnnxModelFile.Save(catalog.Host(), model, inputSchema, Check.Named(path));
    }

    /// <summary>Loads a pipeline that <see cref="SaveAsOnnx"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is cut short, or none of that kind; the message names it.</exception>
    public static ITransformer LoadOnnx(this ModelOperationsCatalog catalog, string path) => catalog.LoadOnnx(path, out _);

    /// <summary>Loads a pipeline that <see cref="SaveAsOnnx"/> wrote, and the columns that it was
    /// fitted on (null if they were left out).</summary>
    /// <inheritdoc cref="LoadOnnx(ModelOperationsCatalog, string)"/>
    public static ITransformer LoadOnnx(this ModelOperationsCatalog catalog, string path, out DataViewSchema? inputSchema)
    {
        OnnxRuntime.Begin();
        return Named(OnnxModelFile.Read(catalog.Host(), LargeArrays.Read(Check.Named(path)), path, out inputSchema), path);
    }

    /// <summary>Loads a pipeline from either kind of file: ML.NET's zip, or an ONNX file of this library.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or of another kind; the message names it.</exception>
    public static ITransformer LoadModel(this ModelOperationsCatalog catalog, string path, out DataViewSchema? inputSchema)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        if (!File.Exists(Check.Named(path)))
            throw new FileNotFoundException($"{path}: not found, a model is needed. Check the path.", path);
        if (!IsZip(path))
            return catalog.LoadOnnx(path, out inputSchema);
        OnnxRuntime.Begin();
        try
        {
            return Named(catalog.Load(path, out inputSchema), path);
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            throw new InvalidDataException($"{path}: {Reason(exception)}", exception);
        }
    }

    /// <inheritdoc cref="LoadModel(ModelOperationsCatalog, string, out DataViewSchema?)"/>
    public static ITransformer LoadModel(this ModelOperationsCatalog catalog, string path) => catalog.LoadModel(path, out _);

    /// <summary>What a damaged file makes ML.NET's loading throw: anything, but what tells of the machine or the caller.</summary>
    internal static bool IsDamage(Exception exception) => exception is not (OperationCanceledException or UnauthorizedAccessException)
        && (exception is not IOException || exception is EndOfStreamException or FileLoadException);

    /// <summary>The innermost reason, on one line.</summary>
    internal static string Reason(Exception exception)
    {
        while (exception is System.Reflection.TargetInvocationException or InvalidOperationException
            && exception.InnerException is { } inner)
            exception = inner;
        // .NET's own reader of archives speaks of these, and not of models.
        var isOwn = exception.Source?.StartsWith("System.", StringComparison.Ordinal) != true;
        return exception is GraphException || isOwn && exception is InvalidDataException or NotSupportedException
            ? exception.Message.ReplaceLineEndings(" ")
            : $"is no model, or a damaged one. Fetch it again. ({exception.Message.ReplaceLineEndings(" ")})";
    }

    static ITransformer Named(ITransformer model, string path)
    {
        foreach (var step in model.ScoringSteps().OfType<IOfFile>())
            step.File = path;
        return model;
    }

    static bool IsZip(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> head = stackalloc byte[4];
        return file.ReadAtLeast(head, 4, throwOnEndOfStream: false) == 4 && head is [(byte)'P', (byte)'K', 3, 4];
    }
}
