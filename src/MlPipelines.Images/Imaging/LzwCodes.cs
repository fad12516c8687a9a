namespace MlPipelines.Imaging;

/// <summary>Lempel, Ziv and Welch's compression as GIF uses it: codes of growing length, lowest bits first.</summary>
/// <remarks>Source: CompuServe, Graphics Interchange Format, version 89a, appendix F.</remarks>
static class LzwCodes
{
    const int MostBits = 12, Most = 1 << MostBits;

    /// <summary>Expands codes until there are enough bytes, or no more codes.</summary>
    /// <param name="codes">The codes.</param>
    /// <param name="literalBits">Bits of a byte that stands for itself, at most 8.</param>
    /// <param name="to">As many bytes as are needed.</param>
    /// <returns>How many bytes there were; null where a code was met that stands for nothing.</returns>
    internal static int? Expand(ReadOnlySpan<byte> codes, int literalBits, Span<byte> to)
    {
        // A string is the one before it and a byte more, which follows in the output: a place in the output says it all.
        Span<int> starts = stackalloc int[Most], lengths = stackalloc int[Most];
        var clear = 1 << literalBits;
        var (bits, held, at, written) = (0, 0, 0, 0);
        var (width, next, before) = (literalBits + 1, clear + 2, -1);
        while (written < to.Length)
        {
            for (; bits < width; bits += 8)
                if (at < codes.Length)
                    held |= codes[at++] << bits;
                else
                    return written;
            var code = held & (1 << width) - 1;
            (held, bits) = (held >> width, bits - width);
            if (code == clear)
            {
                (width, next, before) = (literalBits + 1, clear + 2, -1);
                continue;
            }
            if (code == clear + 1)
                return written;
            if (before >= 0 && next < Most)
                (starts[next], lengths[next]) = (before, written - before + 1);
            if (code > clear && (before < 0 || code > next))
                return null;
            var start = written;
            if (code < clear)
                to[written++] = (byte)code;
            else
                for (var i = 0; i < lengths[code] && written < to.Length; i++)
                    to[written++] = to[starts[code] + i];
            if (before >= 0 && next < Most)
                next++;
            before = start;
            // The writer is one string ahead.
            if (next >= 1 << width && width < MostBits)
                width++;
        }
        return written;
    }
}
