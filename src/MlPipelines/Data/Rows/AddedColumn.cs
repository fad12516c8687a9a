using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>A column that a step computes from others of the same row.</summary>
/// <param name="Name">Its name; a column of the same name is hidden by it.</param>
/// <param name="Type">What its values are.</param>
/// <param name="Needs">Columns that it is computed from.</param>
/// <param name="Getter">Makes the getter (a ValueGetter of the type's raw type) for one row or cursor.</param>
/// <param name="Annotations">Key values, slot names; null for none.</param>
sealed record AddedColumn(string Name, DataViewType Type, ImmutableArray<string> Needs, Func<DataViewRow, Delegate> Getter,
    DataViewSchema.Annotations? Annotations = null);

/// <summary>The columns of a view and those that a step adds behind them.</summary>
sealed class ColumnLayout
{
    readonly ImmutableArray<AddedColumn> added;
    readonly DataViewSchema.Column[][] needs;

    /// <param name="input">The columns there are.</param>
    /// <param name="added">Those that are added.</param>
    /// <param name="output">What both come to, where it was made before: schemas are told apart by reference.</param>
    public ColumnLayout(DataViewSchema input, IEnumerable<AddedColumn> added, DataViewSchema? output = null)
    {
        this.added = [.. added];
        Input = input;
        Output = output ?? Extend(input, this.added);
        // By index from here on: the input may have hidden columns of the same name, and an added one may hide what it needs.
        needs = [.. this.added.Select(column => column.Needs.Select(name => input[name]).ToArray())];
    }

    public DataViewSchema Input { get; }

    public DataViewSchema Output { get; }

    /// <summary>The schema with the columns behind it.</summary>
    public static DataViewSchema Extend(DataViewSchema input, IEnumerable<AddedColumn> added)
    {
        ArgumentNullException.ThrowIfNull(input);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);
        foreach (var column in added)
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        return builder.ToSchema();
    }

    /// <summary>The columns of the input that must be active for those of the output.</summary>
    public IEnumerable<DataViewSchema.Column> InputsOf(IEnumerable<DataViewSchema.Column> outputs) =>
        outputs.SelectMany(column => column.Index < Input.Count ? [Input[column.Index]] : needs[column.Index - Input.Count])
        .DistinctBy(column => column.Index);

    /// <summary>Which columns of the output are to be had.</summary>
    public bool[] Active(IEnumerable<DataViewSchema.Column> outputs)
    {
        var active = new bool[Output.Count];
        foreach (var column in outputs)
            active[column.Index] = true;
        return active;
    }

    /// <summary>The getter of a column: the input's own where it passes through, which others recognise by that.</summary>
    public ValueGetter<TValue> Getter<TValue>(DataViewRow input, Delegate?[] made, DataViewSchema.Column column)
    {
        if (column.Index < Input.Count)
            return input.GetGetter<TValue>(Input[column.Index]);
        var place = column.Index - Input.Count;
        return (made[place] ??= added[place].Getter(input)) as ValueGetter<TValue> ?? throw new InvalidOperationException(
            $"Column '{column.Name}': asked for {typeof(TValue).Name}, holds {column.Type}.");
    }

    public int AddedCount => added.Length;
}
