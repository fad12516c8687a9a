namespace MlPipelines.Imaging.Jpeg;

/// <summary>A Huffman code as a table: the next bits of the stream → a symbol and, where they fit in, the coefficient after it.</summary>
/// <remarks>Source: ITU-T T.81, annex C (the codes from their lengths) and F.2.2 (decoding).</remarks>
sealed class HuffmanTable
{
    internal const int LookupBits = 10;

    const int LongestCode = 16, RecentTables = 16;

    // Most files carry one of a few tables.
    // Shared by all threads: a table is whole before it is put there and never changes; two threads may build the same one.
    static readonly HuffmanTable?[] recent = new HuffmanTable?[RecentTables];

    readonly byte[] definition;

    // By length: the first code that is longer, aligned to the longest; and what leads from a code to its symbol.
    readonly int[] limits = new int[LongestCode + 1], offsets = new int[LongestCode + 1];

    HuffmanTable(byte[] definition) => this.definition = definition;

    /// <summary>
    /// By the next 10 bits: bits 0–7 the length to consume, 8–11 the run of zeros, 12–15 the size of the coefficient's bits,
    /// 16–31 the coefficient. A coefficient of 0 means that its bits, if its size is not 0, are still to be read;
    /// an entry of 0 that the code is longer.
    /// </summary>
    internal int[] Entries { get; } = new int[1 << LookupBits];

    /// <summary>The table of a definition.</summary>
    /// <param name="definition">How many codes there are of each length from 1 to 16, then the symbols in the order of their codes.</param>
    /// <returns>Null if these are no code.</returns>
    internal static HuffmanTable? Of(ReadOnlySpan<byte> definition)
    {
        var slot = (definition.Length * 31 + definition[LongestCode / 2] * 7 + definition[^1]) % RecentTables;
        if (Volatile.Read(ref recent[slot]) is { } known && definition.SequenceEqual(known.definition))
            return known;
        var table = new HuffmanTable(definition.ToArray());
        if (!table.Fill())
            return null;
        Volatile.Write(ref recent[slot], table);
        return table;
    }

    /// <summary>The entry of a code longer than the lookup, from the next 16 bits; 0 if there is none.</summary>
    internal int LongEntry(int bits)
    {
        for (var length = LookupBits + 1; length <= LongestCode; length++)
            // A longer code is a larger number than all shorter ones (T.81, annex C). Codes within the lookup are not asked for here.
            if (bits < limits[length])
                return Entry(definition[LongestCode + offsets[length] + (bits >> LongestCode - length)], length);
        return 0;
    }

    static int Entry(byte symbol, int length) => length | symbol >> 4 << 8 | (symbol & 15) << 12;

    bool Fill()
    {
        var (code, at) = (0, 0);
        for (var length = 1; length <= LongestCode; length++)
        {
            offsets[length] = at - code;
            for (var i = 0; i < definition[length - 1]; i++, code++, at++)
            {
                // A code of ones alone is kept free (T.81, K.2), and libjpeg refuses a table that has one.
                if (code >= (1 << length) - 1)
                    return false;
                if (length <= LookupBits)
                    Fill(definition[LongestCode + at], code, length);
            }
            limits[length] = code << LongestCode - length;
            code <<= 1;
        }
        return true;
    }

    void Fill(byte symbol, int code, int length)
    {
        var spare = LookupBits - length;
        var entries = Entries.AsSpan(code << spare, 1 << spare);
        entries.Fill(Entry(symbol, length));
        var size = symbol & 15;
        // The coefficient's bits lie within the lookup too: each entry holds the number that they stand for (T.81, F.2.2.1, EXTEND).
        if (size == 0 || size > spare)
            return;
        for (var i = 0; i < entries.Length; i++)
        {
            var bits = i >> spare - size;
            var value = bits < 1 << size - 1 ? bits - (1 << size) + 1 : bits;
            entries[i] = value << 16 | symbol >> 4 << 8 | length + size;
        }
    }
}
