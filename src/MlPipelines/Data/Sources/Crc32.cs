namespace MlPipelines;

/// <summary>The sum that a zip keeps of each entry.</summary>
/// <remarks>Source: APPNOTE.TXT 6.3.10, §4.4.7; polynomial 0x04C11DB7, bits reflected.</remarks>
static class Crc32
{
    static readonly uint[] steps = [.. Enumerable.Range(0, 256).Select(value => Enumerable.Range(0, 8).Aggregate((uint)value, (rest, _) => (rest & 1) == 0 ? rest >> 1 : rest >> 1 ^ 0xEDB88320))];

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var rest = uint.MaxValue;
        foreach (var value in bytes)
            rest = rest >> 8 ^ steps[(byte)rest ^ value];
        return ~rest;
    }
}
