using MlPipelines.Data;

namespace MlPipelines.Reports;

/// <summary>Pictures of data sets, on the catalog of data.</summary>
public static class DataReportVerbs
{
    /// <summary>Saves the number of images of each class as bars, as .svg or .png by the name's extension; the classes in the ordinal order of their names.</summary>
    /// <param name="catalog">Where the verb is found.</param>
    /// <param name="data">The rows; only their labels are read. Labels that cannot be read are left out and named in the log.</param>
    /// <param name="path">Where to.</param>
    /// <param name="labelColumnName">Column of the classes: text, keys or numbers.</param>
    /// <exception cref="ArgumentException">The column is missing or of another type, or the extension is another.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void SaveClassCounts(this DataOperationsCatalog catalog, IDataView data, string path, string labelColumnName = "Label")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        var label = new LabelColumn(data.Schema, labelColumnName);
        var counts = data.Read(label.Of, new() { Skipped = row => catalog.Warn("SaveClassCounts", $"skipped {row}") }).CountBy(name => name).ToArray();
        new BarChart("Images of each class", [.. counts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => new Bar(count.Key, count.Value))]).Save(path);
    }
}
