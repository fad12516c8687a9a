using System.Buffers.Binary;
using System.Security.Cryptography;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Row → what is kept of its image.</summary>
sealed class FactsReader(DataViewSchema schema, string part)
{
    // Blemishes of tone and likeness are seen as well in a smaller picture, and a JPEG is then decoded smaller.
    const int WorkingSide = 256;

    readonly bool hasLabel = schema.GetColumnOrNull("Label") is not null,
        hasPath = schema.GetColumnOrNull("ImagePath") is null && schema.GetColumnOrNull("Image") is null
        ? throw new ArgumentException($"{part}: has the columns {string.Join(", ", schema.Select(column => column.Name))}, one of "
            + "ImagePath (text) or Image is needed.", nameof(schema))
        : schema.GetColumnOrNull("ImagePath") is not null;

    /// <summary>The columns that are read.</summary>
    internal IEnumerable<string> Columns => [hasPath ? "ImagePath" : "Image", .. hasLabel ? ["Label"] : Array.Empty<string>()];

    internal ImageFacts Read(RowValues row)
    {
        var name = hasLabel ? NormalForm.Of(row["Label"].ToString()!) : null;
        return hasPath ? OfFile(row.Get<string>("ImagePath"), name)
            : OfPixels(row.Get<Picture>("Image").Draw(0), $"{part} row {row.Id}", name);
    }

    ImageFacts OfFile(string file, string? name)
    {
        var bytes = ArchivePath.Read(file) ?? EncodedImage.ReadWhole(file);
        var format = ImageFormats.Of(bytes, file);
        var picture = Image.FromBytes(bytes, file);
        var jpeg = format == ImageFormat.Jpeg ? JpegHead.Read(bytes) : new(double.NaN, false);
        return Facts(file, name, picture, bytes.Length, SHA256.HashData(bytes)) with
        {
            Format = format.ToString().ToUpperInvariant(),
            JpegQuality = jpeg.Quality,
            HasExif = jpeg.HasExif,
        };
    }

    ImageFacts OfPixels(Image picture, string where, string? name)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> size = stackalloc byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(size, picture.Width);
        BinaryPrimitives.WriteInt32LittleEndian(size[4..], picture.Height);
        BinaryPrimitives.WriteInt32LittleEndian(size[8..], picture.Channels);
        hash.AppendData(size);
        hash.AppendData(picture.Pixels);
        return Facts(where, name, picture, picture.Pixels.Length, hash.GetHashAndReset());
    }

    ImageFacts Facts(string where, string? name, Image picture, long bytes, byte[] digest)
    {
        var (width, height) = (picture.Width, picture.Height);
        var scale = Math.Min(1, (double)WorkingSide / Math.Max(width, height));
        var working = picture.Resize(Math.Max(1, (int)(width * scale)), Math.Max(1, (int)(height * scale)), ResizingKind.Fill)
            .WithoutAlpha();
        return new()
        {
            Path = where,
            Part = part,
            Label = name,
            Bytes = bytes,
            Width = width,
            Height = height,
            Digest = Convert.ToHexStringLower(digest),
            Fingerprint = Fingerprint.Of(working),
            Tones = Tones.Of(working),
            Blurriness = Blurriness.Of(working),
            DecoderRemark = picture.Remark,
        };
    }
}
