namespace MlPipelines;

/// <summary>What a model said of a picture, to be kept until a user says whether it is right.</summary>
/// <param name="Id">That a verdict refers to; not to be guessed.</param>
/// <param name="Generation">Number of the model's generation.</param>
/// <param name="Predicted">The most probable class, by its place among the generation's.</param>
/// <param name="Score">Its probability.</param>
/// <param name="Picture">The picture as it came; null where it is not kept.</param>
sealed record Judgement(string Id, long Generation, int Predicted, float Score, PictureFile? Picture);

/// <summary>A picture that is kept.</summary>
/// <param name="Extension">Of its format, with a dot.</param>
/// <param name="Bytes">Its file.</param>
sealed record PictureFile(string Extension, ReadOnlyMemory<byte> Bytes);

/// <summary>What a user said of a judgement.</summary>
/// <param name="Predicted">The class that was said.</param>
/// <param name="Actual">The class that it is.</param>
/// <param name="IsRight">Whether the two are one.</param>
/// <param name="Corrects">Whether an earlier verdict on the same judgement said something else.</param>
sealed record Verdict(string Predicted, string Actual, bool IsRight, bool Corrects);
