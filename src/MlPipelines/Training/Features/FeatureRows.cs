using System.Runtime.InteropServices;
using System.Text;

namespace MlPipelines;

/// <summary>Features of images as bytes, for other processes.</summary>
static class FeatureRows
{
    /// <summary>Rows as bytes; none at all for null.</summary>
    public static byte[] Write(FeatureRow[]? rows)
    {
        if (rows is null)
            return [];
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(rows.Length);
        foreach (var row in rows)
        {
            writer.Write(row.Features?.Length ?? -1);
            writer.Write(MemoryMarshal.AsBytes<float>(row.Features));
            writer.Write(row.Failure ?? "");
        }
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Rows that were written.</summary>
    public static FeatureRow[] Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        var rows = new FeatureRow[reader.ReadInt32()];
        for (var i = 0; i < rows.Length; i++)
        {
            var length = reader.ReadInt32();
            var features = length < 0 ? null : MemoryMarshal.Cast<byte, float>(reader.ReadBytes(length * sizeof(float))).ToArray();
            rows[i] = new(features, reader.ReadString() is { Length: > 0 } failure ? failure : null);
        }
        return rows;
    }
}
