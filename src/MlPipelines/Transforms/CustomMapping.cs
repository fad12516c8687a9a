using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Transforms by the program's own code.</summary>
public static class CustomMappingCatalog
{
    /// <summary>Computes columns by your own code, row by row. It is called from several threads.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="mapAction">Reads the members of the first object and writes those of the second, which become columns.</param>
    /// <param name="contractName">Name under which a program that loads the pipeline finds the code, see <see cref="CustomMappingFactoryAttribute"/>; without one the pipeline cannot be saved.</param>
    /// <param name="inputSchemaDefinition">Names of the columns of <typeparamref name="TSrc"/>, where its attributes do not say them.</param>
    /// <param name="outputSchemaDefinition">Names and types of the columns of <typeparamref name="TDst"/>, where its attributes do not say them.</param>
    public static TrivialEstimator<CustomMappingTransformer<TSrc, TDst>> CustomMapping<TSrc, TDst>(this TransformsCatalog catalog, Action<TSrc, TDst> mapAction, string? contractName = null,
        SchemaDefinition? inputSchemaDefinition = null, SchemaDefinition? outputSchemaDefinition = null)
        where TSrc : class, new() where TDst : class, new() => new(new(mapAction, contractName, inputSchemaDefinition, outputSchemaDefinition));
}

/// <summary>Computes columns by the program's own code.</summary>
public sealed class CustomMappingTransformer<TSrc, TDst>(Action<TSrc, TDst> mapAction, string? contractName = null, SchemaDefinition? inputSchemaDefinition = null, SchemaDefinition? outputSchemaDefinition = null)
    : INamedCode, IUnsaved where TSrc : class, new() where TDst : class, new()
{
    const string Mapped = "\0mapped";

    readonly SchemaDefinition source = inputSchemaDefinition ?? SchemaDefinition.Create(typeof(TSrc));
    readonly SchemaDefinition result = outputSchemaDefinition ?? SchemaDefinition.Create(typeof(TDst));

    /// <summary>The name by which a saved pipeline knows the code; null for none.</summary>
    public string? ContractName { get; } = contractName;

    ImmutableArray<string> INamedCode.InputColumns => [.. source.Select(column => column.ColumnName)];

    public string? Remedy => ContractName is null ? "Give it a contractName under which the loading program finds the code, or save the chain without this step and put it before or after when loading." : null;

    public DataViewSchema GetOutputSchema(DataViewSchema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        RowBinding<TSrc>.Of(input, source, ignoreMissingColumns: false);
        return MappedView.Extend(input, Columns(0));
    }

    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var binding = RowBinding<TSrc>.Of(input.Schema, source, ignoreMissingColumns: false);
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

    IEnumerable<MappedColumn> Columns(int mapped)
    {
        foreach (var column in result)
        {
            var getter = MemberAccess.Getter(typeof(TDst), column.MemberName);
            yield return new(column.ColumnName, column.ColumnType, row => getter(row.GetValue(mapped))
                ?? throw new InvalidDataException($"{typeof(TDst).Name}.{column.MemberName}: is null after the custom mapping, needs {column.ColumnType}."));
        }
    }
}

/// <summary>Makes the custom mapping of a loaded pipeline; mark the class with <see cref="CustomMappingFactoryAttribute"/> and register its assembly with <see cref="MLContext.ComponentCatalog"/>.</summary>
public abstract class CustomMappingFactory<TSrc, TDst> : ICustomMappingFactory where TSrc : class, new() where TDst : class, new()
{
    /// <summary>The code.</summary>
    public abstract Action<TSrc, TDst> GetMapping();

    ITransformer ICustomMappingFactory.Create(string contractName) => new CustomMappingTransformer<TSrc, TDst>(GetMapping(), contractName);
}
