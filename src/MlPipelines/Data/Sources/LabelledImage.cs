namespace MlPipelines;

/// <summary>One image as a source lists it.</summary>
/// <param name="Path">Its file, or its path in an archive.</param>
/// <param name="Label">Its class, as the source writes it.</param>
/// <param name="Part">The part of the data that it belongs to; null where the source is not divided.</param>
/// <param name="Group">What it was taken of, such as a patient or a scene; null where the source does not say.</param>
readonly record struct LabelledImage(string Path, string Label, DataPartPlace? Part = null, string? Group = null);

/// <summary>A part of a divided source.</summary>
/// <param name="Name">One of <see cref="DivisionNames"/>.</param>
/// <param name="Path">Where its images are, for people.</param>
sealed record DataPartPlace(string Name, string Path);
