namespace MlPipelines;

/// <summary>A model that is served, and what its generation is known by.</summary>
/// <param name="Transformer">A fitted or loaded pipeline: <c>LoadImages</c> and an <see cref="ImageClassifier"/>. It is disposed of with
/// the server.</param>
/// <param name="Sha256">SHA-256 of its file, in hexadecimal digits.</param>
/// <param name="Name">Name of its file, without its folder.</param>
public sealed record ServedModel(ITransformer Transformer, string Sha256, string Name)
{
    /// <summary>The model in a file: ML.NET's zip, or an ONNX file that <c>SaveAsOnnx</c> wrote.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is damaged or no model; the message names it.</exception>
    public static ServedModel FromFile(string path) => Of(new MLContext().Model.LoadModel(path), path);

    /// <summary>A model that was loaded from a file.</summary>
    internal static ServedModel Of(ITransformer model, string path) =>
        new(model, Checksum.OfFile(path, unzipped: false)!, Path.GetFileName(path));
}
