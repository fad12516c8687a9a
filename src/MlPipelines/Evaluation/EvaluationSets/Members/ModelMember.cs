using System.Collections.Immutable;
using System.Security.Cryptography;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>A model of ML.NET, of this library or any other, that takes images, their bytes or their paths.</summary>
/// <remarks>It is asked in rows with the columns that it was fitted on: what holds images gets the picture, text the path of its file, what
/// is named like a label nothing. Not safe to use from several threads at once.</remarks>
public sealed class ModelMember : EvaluationMember
{
    readonly MLContext ml;
    readonly ITransformer model;
    readonly DataViewSchema? inputSchema;
    readonly PictureFiles files = new();
    readonly bool ownsModel;
    NetworkExplainer? explainer;
    bool isOpaque;

    /// <param name="ml">The context.</param>
    /// <param name="name">What reports call it.</param>
    /// <param name="model">Gives a column PredictedLabel, Score or both.</param>
    /// <param name="inputSchema">The columns that it was fitted on; null for ImagePath, Image and Label.</param>
    /// <param name="ownsModel">Whether the model is freed with the member.</param>
    /// <exception cref="ArgumentException">The model gives neither a predicted class nor scores of named classes.</exception>
    public ModelMember(MLContext ml, string name, ITransformer model, DataViewSchema? inputSchema = null, bool ownsModel = false)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(ml);
        ArgumentNullException.ThrowIfNull(model);
        (this.ml, this.model, this.inputSchema, this.ownsModel) = (ml, model, inputSchema, ownsModel);
        _ = new ModelOutput(Checked(() => model.GetOutputSchema(Rows([]).Schema)), name);
    }

    /// <summary>The file that the model was read from, whose content its answers are kept by; null to keep none.</summary>
    public string? File { get; init; }

    /// <inheritdoc/>
    protected internal override string? Fingerprint => field ??= File is null ? null
        : $"model {Convert.ToHexStringLower(SHA256.HashData(System.IO.File.ReadAllBytes(File)))} {Filter}";

    internal override string? Attention => Explainer() is null ? base.Attention : nameof(GradCam);

    /// <summary>The model.</summary>
    internal ITransformer Model => model;

    /// <inheritdoc/>
    protected internal override IEnumerable<MemberAnswer> Answers(IReadOnlyList<AskedPicture> pictures, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        var scored = model.Transform(Rows(pictures));
        var output = new ModelOutput(scored.Schema, Name);
        var failures = new Queue<SkippedRow>();
        var next = 0;
        // Rows come in their order; those between two that came were skipped.
        foreach (var (id, answer) in scored.Read(output.Columns, row => (row.Id, output.Of(row)),
            new() { Skipped = failures.Enqueue }, cancellation))
        {
            for (; next < id; next++)
                yield return new(null, ReasonOf(failures, next));
            yield return answer;
            next++;
        }
        for (; next < pictures.Count; next++)
            yield return new(null, ReasonOf(failures, next));
    }

    internal override HeatMap? Looks(AskedPicture picture, ref int questions, CancellationToken cancellation) =>
        Explainer() is { } own ? own.HeatMap(picture.Image.ToRgb()) : base.Looks(picture, ref questions, cancellation);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        explainer?.Dispose();
        files.Dispose();
        if (ownsModel)
            foreach (var step in model.ScoringSteps().OfType<IDisposable>())
                step.Dispose();
        base.Dispose(disposing);
    }

    static string ReasonOf(Queue<SkippedRow> failures, long row)
    {
        while (failures.TryPeek(out var failure) && failure.Id < row)
            failures.Dequeue();
        return failures.TryPeek(out var found) && found.Id == row ? found.Reason : "the model gave no row for it";
    }

    // A network without maps, or one that this library cannot differentiate, is asked about covered pictures instead.
    NetworkExplainer? Explainer()
    {
        if (explainer is not null || isOpaque)
            return explainer;
        var steps = model.ScoringSteps().ToArray();
        isOpaque = !steps.OfType<ImageClassifier>().Any();
        if (isOpaque)
            return null;
        var made = NetworkExplainer.Of(steps.OfType<IGraphStep>().Any() ? OfPixels() : model);
        try
        {
            made.HeatMap(Image.FromPixels(made.Input.Width, made.Input.Height, 3, new byte[made.Input.Width * made.Input.Height * 3]));
            return explainer = made;
        }
        catch (Exception exception) when (exception is Graphs.GraphException or ArgumentException or NotSupportedException)
        {
            made.Dispose();
            isOpaque = true;
            return null;
        }
    }

    // The same model as a file holds it: what steps compute on pixels is part of the network, which then takes images.
    ITransformer OfPixels() => OnnxModelFile.Read(ml.Model.Host(), OnnxModelFile.Write(ml.Model.Host(), model, null), Name, out _);

    SourceView Rows(IReadOnlyList<AskedPicture> pictures) => new PictureRows(inputSchema, LoadedColumns(), files).Of(pictures);

    // Under the name of its paths the loading step of this library takes images as well, so that no file has to be written for it.
    ImmutableHashSet<string> LoadedColumns() =>
        [.. model.ScoringSteps().OfType<ImageLoader>().Select(loader => loader.InputColumn)];

    T Checked<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            throw new ArgumentException($"{Name}: the model cannot be given pictures: {exception.Message.ReplaceLineEndings(" ")}",
                exception);
        }
    }
}
