namespace MlPipelines;

public sealed partial class DataOperationsCatalog
{
    /// <summary>A data view over objects of your own class; its members are the columns.</summary>
    /// <param name="data">The objects; the list is taken as it is now.</param>
    /// <param name="schemaDefinition">Names and types of the columns, where the class's attributes do not say them.</param>
    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, SchemaDefinition? schemaDefinition = null) where TRow : class =>
        Objects<TRow>.View(data, schemaDefinition ?? SchemaDefinition.Create(typeof(TRow)));

    /// <summary>The rows as objects of your own class. Rows that cannot be read are left out and named in the log.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="reuseRowObject">True to be given the same object again and again, filled anew.</param>
    /// <param name="ignoreMissingColumns">True to leave members without a column as they are.</param>
    /// <param name="schemaDefinition">Names of the columns, where the class's attributes do not say them.</param>
    public IEnumerable<TRow> CreateEnumerable<TRow>(IDataView data, bool reuseRowObject, bool ignoreMissingColumns = false, SchemaDefinition? schemaDefinition = null)
        where TRow : class, new()
    {
        ArgumentNullException.ThrowIfNull(data);
        var binding = RowBinding<TRow>.Of(data.Schema, schemaDefinition ?? SchemaDefinition.Create(typeof(TRow)), ignoreMissingColumns);
        var shared = reuseRowObject ? new TRow() : null;
        return data.Read(Item, new() { Prefetch = reuseRowObject ? 0 : 64, Skipped = row => Warn("CreateEnumerable", $"{row.Path}: skipped. {row.Reason}") });

        TRow Item(DataViewRow row)
        {
            var item = shared ?? new TRow();
            binding.Fill(row, item);
            return item;
        }
    }
}
