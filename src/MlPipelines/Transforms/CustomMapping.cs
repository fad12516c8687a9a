using MlPipelines.Data;
using MlPipelines.Pipelines;

namespace MlPipelines.Transforms;

/// <summary>Transforms by the program's own code.</summary>
public static class CustomMappingCatalog
{
    /// <summary>Computes columns by your own code, row by row. It is called from several threads. A pipeline with such a step cannot be saved.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="mapAction">Reads the members of the first object and writes those of the second, which become columns.</param>
    public static TrivialEstimator<CustomMappingTransformer<TSrc, TDst>> CustomMapping<TSrc, TDst>(this TransformsCatalog catalog, Action<TSrc, TDst> mapAction)
        where TSrc : class, new() where TDst : class, new() => new(new(mapAction));
}

/// <summary>Computes columns by the program's own code.</summary>
public sealed class CustomMappingTransformer<TSrc, TDst>(Action<TSrc, TDst> mapAction) : IUnsaved where TSrc : class, new() where TDst : class, new()
{
    const string Mapped = "\0mapped";

    public string Remedy => "Save the chain without this step and put it before or after when loading.";

    public DataViewSchema GetOutputSchema(DataViewSchema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        RowBinding<TSrc>.Of(input, SchemaDefinition.Create(typeof(TSrc)), ignoreMissingColumns: false);
        return MappedView.Extend(input, Columns(0));
    }

    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var binding = RowBinding<TSrc>.Of(input.Schema, SchemaDefinition.Create(typeof(TSrc)), ignoreMissingColumns: false);
        var mapped = new MappedView(input, new MappedColumn(Mapped, new PrimitiveDataViewType(typeof(object)), row => Map(binding, row)));
        var view = new MappedView(mapped, [.. Columns(mapped.Schema.Find(Mapped).Index)]);
        return new SelectedView(view, view.Schema.Select(column => column.Name).Where(name => name != Mapped));
    }

    object Map(RowBinding<TSrc> binding, DataViewRow row)
    {
        var (from, to) = (new TSrc(), new TDst());
        binding.Fill(row, from);
        mapAction(from, to);
        return to;
    }

    static IEnumerable<MappedColumn> Columns(int mapped)
    {
        foreach (var column in SchemaDefinition.Create(typeof(TDst)))
        {
            var getter = MemberAccess.Getter(typeof(TDst), column.MemberName);
            yield return new(column.ColumnName, column.ColumnType, row => getter(row.GetValue(mapped))
                ?? throw new InvalidDataException($"{typeof(TDst).Name}.{column.MemberName}: is null after the custom mapping, needs {column.ColumnType}."));
        }
    }
}
