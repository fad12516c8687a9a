using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>A sheet that was saved.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Skipped">Rows that could not be read; others of their class took their place.</param>
public sealed record SavedSheet(string Path, int Width, int Height, ImmutableArray<SkippedRow> Skipped);
