using Microsoft.Win32.SafeHandles;

namespace MlPipelines;

/// <summary>How a tar ends: with two blocks of zeros, and nothing but zeros behind them. What ends otherwise was cut short, or lost a
/// header within.</summary>
/// <remarks>Source: POSIX.1-2024, pax, "ustar Interchange Format".</remarks>
static class TarEnd
{
    internal const int Block = 512;

    /// <summary>Why entries may be missing; null where the tar ends as it should.</summary>
    /// <param name="tape">The whole tar.</param>
    /// <param name="end">Where the next header would stand behind the last entry that was read.</param>
    public static string? Problem(SafeFileHandle tape, long end)
    {
        const int blocks = 128;
        var (buffer, at, entries, data) = (new byte[blocks * Block], end, 0L, false);
        for (int read; (read = RandomAccess.Read(tape, buffer, at)) > 0; at += read)
            for (var start = 0; start < read; start += Block)
            {
                var part = buffer.AsSpan(start, Math.Min(Block, read - start));
                data |= part.ContainsAnyExcept((byte)0);
                entries += IsEntry(part) ? 1 : 0;
            }
        return at == end ? "ends without the zeros that end a tar: it was cut short, and what followed is missing. Fetch it again"
            : entries > 0 ? $"has {entries:N0} more entries behind the zeros at byte {end:N0}, where a tar ends, which are not read: a "
                + "header is damaged, or tars were put one behind the other. Fetch it again, or unpack it"
            : data ? $"has data behind the zeros at byte {end:N0}, where a tar ends, which is not read. Fetch it again"
            : null;
    }

    // Headers that only go before one of an entry, with a long name or notes, are not counted.
    static bool IsEntry(ReadOnlySpan<byte> block) => block.Length == Block && block.ContainsAnyExcept((byte)0)
        && ArchiveKinds.IsTarHeader(block) && block[156] is not ((byte)'x' or (byte)'g' or (byte)'L' or (byte)'K');
}
