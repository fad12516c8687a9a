using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace MlPipelines;

/// <summary>What a model said of one row, as a part keeps it.</summary>
/// <param name="Place">Number of the row in the whole.</param>
/// <param name="Path">The picture's path, as it was listed.</param>
/// <param name="Texts">The other columns of text, in the order of <see cref="ShardHeader.Texts"/>.</param>
/// <param name="Numbers">Scores or features; null where the picture cannot be read.</param>
/// <param name="Failure">Why it cannot be read; null where it can.</param>
sealed record SavedRow(long Place, string Path, ImmutableArray<string> Texts, float[]? Numbers, string? Failure)
{
    public void Write(BinaryWriter writer)
    {
        writer.Write(Place);
        writer.Write(Path);
        foreach (var text in Texts)
            writer.Write(text);
        writer.Write(Failure is not null);
        if (Failure is not null)
            writer.Write(Failure);
        else
            writer.Write(MemoryMarshal.AsBytes<float>(Numbers));
    }

    /// <summary>The row that comes next, whose place is read already.</summary>
    public static SavedRow Read(BinaryReader reader, long place, ShardHeader header)
    {
        var path = reader.ReadString();
        ImmutableArray<string> texts = [.. header.Texts.Select(_ => reader.ReadString())];
        if (reader.ReadBoolean())
            return new(place, path, texts, null, reader.ReadString());
        var numbers = new float[header.Width];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(numbers.AsSpan()));
        return new(place, path, texts, numbers, null);
    }
}
