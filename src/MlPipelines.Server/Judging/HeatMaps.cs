using MlPipelines.Graphs;
using MlPipelines.Imaging;
using MlPipelines.Native;

namespace MlPipelines;

/// <summary>Which places of a picture speak for a class, drawn over it; one at a time, since a network's gradients take all
/// processors.</summary>
sealed class HeatMaps(ITransformer model) : IDisposable
{
    const int MostWaiting = 16;

    readonly SemaphoreSlim gate = new(1);
    NetworkExplainer? explainer;
    int waiting;

    /// <summary>The map of a picture, laid over what the network sees of it.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="className">One of the model's classes; null for the most probable one.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="RefusedException">The network cannot be explained, or too many wait.</exception>
    public async Task<DrawnHeatMap> Draw(Image image, string? className, CancellationToken cancellation)
    {
        try
        {
            if (Interlocked.Increment(ref waiting) > MostWaiting)
                throw RefusedException.Busy();
            await gate.WaitAsync(cancellation).ConfigureAwait(false);
            try
            {
                return Draw(image, className);
            }
            finally
            {
                gate.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    public void Dispose()
    {
        explainer?.Dispose();
        gate.Dispose();
    }

    DrawnHeatMap Draw(Image image, string? className)
    {
        try
        {
            explainer ??= NetworkExplainer.Of(model);
            var seen = explainer.Seen(image);
            var map = explainer.HeatMap(image, className: className);
            return new(map.Class, map.Score, map.Width, map.Height, map.Overlay(seen).Encode(".png"));
        }
        catch (Exception exception) when (exception is GraphException or NativeException or ArgumentException)
        {
            throw new RefusedException(StatusCodes.Status422UnprocessableEntity,
                $"heatMap: this model cannot be explained: {exception.Message}", exception);
        }
    }
}

/// <summary>A heat map as a picture.</summary>
/// <param name="Class">The class that it speaks for.</param>
/// <param name="Score">Its probability.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Png">Its file.</param>
sealed record DrawnHeatMap(string Class, float Score, int Width, int Height, byte[] Png);
