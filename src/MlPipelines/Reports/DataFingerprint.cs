using System.Security.Cryptography;
using System.Text;

namespace MlPipelines;

/// <summary>A short text that changes when a file or a label of a data set does.</summary>
public static class DataFingerprint
{
    /// <summary>SHA-256 over label, name and size of each file, in the order of the rows, as hexadecimal digits;
    /// contents are not read.</summary>
    /// <param name="data">Rows with the columns ImagePath and Label.</param>
    public static string Of(IDataView data)
    {
        ArgumentNullException.ThrowIfNull(data);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var row in data.Rows("ImagePath", "Label"))
        {
            var (path, label) = (row.Get<string>("ImagePath"), row.Get<string>("Label"));
            hash.AppendData(
                Encoding.UTF8.GetBytes($"{label}\0{Path.GetFileName(path)}\0{(File.Exists(path) ? new FileInfo(path).Length : -1)}\n"));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
