using System.Collections.Immutable;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Judges pictures of many clients at once by one model, and keeps what it said for the users' verdicts.</summary>
sealed class PictureJudge : IAsyncDisposable
{
    // More at once are hardly faster, and take more memory and time before the first of them is answered.
    const int MostScored = 16;

    const int MostSaved = 256;

    readonly PictureScorer scorer;
    readonly HeatMaps heatMaps;
    readonly DecodingGate decoding;
    readonly Gatherer<object, float[]> scoring;
    readonly Gatherer<Judgement, bool> saving;
    readonly long generation;
    int pending;

    /// <exception cref="ArgumentException">The model cannot be asked for single pictures.</exception>
    /// <exception cref="InvalidDataException">The file of verdicts is none, or damaged.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public PictureJudge(ServedModel model, JudgingOptions options)
    {
        (Model, Options) = (model, options);
        scorer = ScorerOf(model);
        WarmUp(scorer);
        Verdicts = VerdictStore.OpenOrCreate(options.Verdicts, options.Time);
        generation = Verdicts.GenerationOf(model.Sha256, model.Name, scorer.Labels);
        (heatMaps, decoding) = (new(model.Transformer), new(options.MaxPixels));
        scoring = new(Math.Min(scorer.BatchSize, MostScored), options.MaxPending, scorer.Scores)
        {
            IsOfOne = exception => exception is NotFiniteNumberException,
        };
        saving = new(MostSaved, options.MaxPending, judgements =>
        {
            Verdicts.Add(judgements);
            return [.. judgements.Select(_ => true)];
        });
    }

    public ServedModel Model { get; }
    public JudgingOptions Options { get; }
    public VerdictStore Verdicts { get; }

    /// <summary>Number of the model's generation.</summary>
    public long Generation => generation;

    /// <summary>Names of the classes, in the order of the scores.</summary>
    public ImmutableArray<string> Labels => scorer.Labels;

    /// <summary>Judges a picture.</summary>
    /// <param name="bytes">Its file.</param>
    /// <param name="heatMap">Asked for; or none.</param>
    /// <param name="cancellation">Ends it, where the client is gone.</param>
    /// <exception cref="RefusedException">It is no picture, or there is too much to do.</exception>
    /// <exception cref="NotFiniteNumberException">The model gives no number for it.</exception>
    public async Task<JudgedPicture> Judge(ReadOnlyMemory<byte> bytes, HeatMapWish? heatMap, CancellationToken cancellation)
    {
        if (heatMap?.Class is { } name && !Labels.Contains(NormalForm.Of(name)))
            throw new RefusedException(StatusCodes.Status422UnprocessableEntity,
                $"class: got '{DisplayText.Shorten(DisplayText.Visible(name), 60)}', which is none of the model's {Labels.Length} "
                    + "classes.");
        try
        {
            if (Interlocked.Increment(ref pending) > Options.MaxPending)
                throw RefusedException.Busy();
            var image = decoding.Open(bytes);
            var prepared = await decoding.Decode(image, one => scorer.Prepared(one, "picture"), cancellation).ConfigureAwait(false);
            var scores = await scoring.Do(prepared, cancellation).ConfigureAwait(false);
            var map = heatMap is null ? null : await heatMaps.Draw(image, heatMap.Class, cancellation).ConfigureAwait(false);
            var best = Array.IndexOf(scores, scores.Max());
            var judgement = new Judgement(Guid.NewGuid().ToString("N"), generation, best, scores[best],
                Options.KeepPictures ? new(ExtensionOf(bytes.Span), bytes) : null);
            await saving.Do(judgement, CancellationToken.None).ConfigureAwait(false);
            return new(judgement.Id, best, scores, map);
        }
        finally
        {
            Interlocked.Decrement(ref pending);
        }
    }

    /// <summary>Ends when what has begun is done; verdicts are in the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await scoring.DisposeAsync().ConfigureAwait(false);
        await saving.DisposeAsync().ConfigureAwait(false);
        heatMaps.Dispose();
        decoding.Dispose();
        Verdicts.Dispose();
        (Model.Transformer as IDisposable)?.Dispose();
    }

    static PictureScorer ScorerOf(ServedModel model)
    {
        try
        {
            return PictureScorer.Of(model.Transformer);
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException($"{model.Name}: cannot be served: {exception.Message}", exception);
        }
    }

    // The first clients do not wait for what the network sets aside when it runs first, and the process has its size from the start.
    static void WarmUp(PictureScorer scorer)
    {
        const int side = 64;
        var (dice, pixels) = (Dice.For(1), new byte[side * side * 3]);
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)dice.Below(256);
        var noise = scorer.Prepared(Image.FromPixels(side, side, 3, pixels), "noise");
        try
        {
            scorer.Scores([.. Enumerable.Repeat(noise, Math.Min(scorer.BatchSize, MostScored))]);
        }
        catch (NotFiniteNumberException)
        {
            // Noise is no picture; a client's that gets no number is told so.
        }
    }

    static string ExtensionOf(ReadOnlySpan<byte> bytes) => ImageFormats.Find(bytes) switch
    {
        ImageFormat.Jpeg => ".jpg",
        ImageFormat.Png => ".png",
        ImageFormat.Gif => ".gif",
        ImageFormat.WebP => ".webp",
        ImageFormat.Tiff => ".tif",
        ImageFormat.Bmp => ".bmp",
        ImageFormat.Heif => ".avif",
        _ => ".ppm",
    };
}

/// <summary>That a heat map is wanted.</summary>
/// <param name="Class">The class that it is to speak for; null for the most probable one.</param>
sealed record HeatMapWish(string? Class);

/// <summary>What a model says of a picture.</summary>
/// <param name="Id">That a verdict refers to.</param>
/// <param name="Best">The most probable class, by its place.</param>
/// <param name="Scores">Of all classes.</param>
/// <param name="HeatMap">Where it was asked for.</param>
sealed record JudgedPicture(string Id, int Best, float[] Scores, DrawnHeatMap? HeatMap);
