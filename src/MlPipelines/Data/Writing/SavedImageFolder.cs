using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>A labelled folder that was written.</summary>
/// <param name="Path">The folder, with one sub-folder a class.</param>
/// <param name="Classes">The sub-folder of each class: its name, with what a file system cannot hold replaced.</param>
/// <param name="Count">Number of images written.</param>
/// <param name="Skipped">Rows that were left out, with the reason.</param>
public sealed record SavedImageFolder(string Path, ImmutableSortedDictionary<string, string> Classes, long Count,
    ImmutableArray<SkippedRow> Skipped);
