using System.Buffers;

namespace MlPipelines.Imaging.Jpeg;

/// <summary>Decodes the JPEGs that most files are: sequential, 8 bits, grey or YCbCr, one scan, and nothing out of order.</summary>
/// <remarks>The samples are those of the libraries in common use, bit for bit. What is out of order is theirs to judge. Source:
/// ITU-T T.81; JFIF 1.02.</remarks>
static class JpegDecoder
{
    /// <summary>Red, green and blue, as stored, not yet upright.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="frame">What its header says.</param>
    /// <param name="borrowed">True for a picture that is soon given back.</param>
    /// <param name="left">Bytes of pixels that are left when all that the header promises were read.</param>
    /// <returns>Null if anything is out of order.</returns>
    internal static Bitmap? Decode(ReadOnlySpan<byte> file, JpegFrame frame, bool borrowed, out int left)
    {
        left = 0;
        var coded = file[frame.Scan..];
        var layout = new JpegLayout(frame);
        // Nothing is set aside for a promise that so few bytes cannot keep: a block takes two bits or more.
        if ((long)layout.Units * layout.Strips > coded.Length * 4L)
            return null;
        var bitmap = Bitmap.Unwritten(frame.Width, frame.Height, 3, borrowed);
        var plain = ArrayPool<byte>.Shared.Rent(coded.Length + EntropyReader.Spare);
        var rows = ArrayPool<byte>.Shared.Rent(layout.Bytes);
        var sums = ArrayPool<ushort>.Shared.Rent(layout.Sums);
        try
        {
            var reader = new BlockReader(frame, layout, new EntropyReader(coded, plain));
            var writer = new RowWriter(frame, layout, rows, sums, bitmap);
            for (var strip = 0; strip < layout.Strips; strip++)
            {
                writer.KeepLastRows(strip);
                if (!reader.TryReadStrip(rows))
                    return GiveUp();
                writer.Write(strip);
            }
            left = reader.BytesLeft;
            // What was drawn is thrown away: libvips decodes the file from its beginning, or says what is wrong with it.
            return reader.IsAtEnd ? bitmap : GiveUp();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plain);
            ArrayPool<byte>.Shared.Return(rows);
            ArrayPool<ushort>.Shared.Return(sums);
        }

        Bitmap? GiveUp()
        {
            if (borrowed)
                bitmap.GiveBack();
            return null;
        }
    }
}
