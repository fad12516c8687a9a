using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>What is computed for many rows at once: numbers for each row, and the columns that show them.</summary>
/// <param name="Needs">Columns that it is computed from.</param>
/// <param name="BatchSize">The most rows in one run.</param>
/// <param name="Prepare">What a row gives for a run; called by several threads.</param>
/// <param name="Compute">The numbers of each row of a run.</param>
/// <param name="Columns">The columns that are added.</param>
/// <param name="Remember">Whether numbers are kept once all rows have gone by, for those who pass several times:
/// so many bytes at most.</param>
sealed record BatchMapping(ImmutableArray<string> Needs, int BatchSize, Func<RowValues, object> Prepare,
    Func<IReadOnlyList<object>, IReadOnlyList<float[]>> Compute,
    ImmutableArray<BatchColumn> Columns, long Remember = 0)
{
    /// <summary>Called before the first row is read, so that what is wrong with the step itself
    /// is not taken for a fault of a row.</summary>
    public Action? Begin { get; init; }

    /// <summary>Called when somebody is about to ask for single rows: what takes long may begin beside them.</summary>
    public Action? Expect { get; init; }

    /// <summary>The numbers of rows in their order, each run read ahead; a row that cannot be read says why.</summary>
    public IEnumerable<BatchResult> Results(Func<DataViewRowCursor> open, long? count, RowSelection selection)
    {
        Begin?.Invoke();
        RowReading reading = new() { Prefetch = 2 * BatchSize };
        foreach (var rows in RowReader.Read(open, count, selection, PrepareOrFail, reading, default).Chunk(BatchSize))
            foreach (var result in ComputeAll(rows))
                yield return result;
    }

    /// <summary>The numbers of one row.</summary>
    public BatchResult Result(RowValues row)
    {
        Begin?.Invoke();
        return ComputeAll([PrepareOrFail(row)])[0];
    }

    // Rows that cannot be read take no place in the run, and keep theirs among the results.
    BatchResult[] ComputeAll(Prepared[] rows)
    {
        var read = rows.Where(row => row.Failure is null).ToArray();
        var computed = new Queue<float[]>(read.Length == 0 ? [] : Compute([.. read.Select(row => row.Part!)]));
        return [.. rows.Select(row => new BatchResult(row.Id, row.Failure is null ? computed.Dequeue() : null, row.Failure))];
    }

    Prepared PrepareOrFail(RowValues row)
    {
        try
        {
            return new(row.Id, Prepare(row), null);
        }
        catch (Exception exception) when (RowReader.IsUnreadable(exception))
        {
            return new(row.Id, null, exception.Message);
        }
    }

    readonly record struct Prepared(long Id, object? Part, string? Failure);
}

/// <summary>A column that shows what was computed for a row.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What its values are.</param>
/// <param name="Annotations">Slot names, key values; null for none.</param>
/// <param name="Getter">Makes the getter, given what tells the result of the row.</param>
sealed record BatchColumn(string Name, DataViewType Type, DataViewSchema.Annotations? Annotations, Func<Func<BatchResult>, Delegate> Getter)
{
    /// <summary>A column of the numbers themselves; all NaN where a row cannot be read.</summary>
    public static BatchColumn Vector(string name, int length, DataViewSchema.Annotations? annotations = null) =>
        Vector(name, [length], annotations);

    /// <summary>A column of the numbers as a block of those sizes.</summary>
    public static BatchColumn Vector(string name, ReadOnlySpan<int> sizes, DataViewSchema.Annotations? annotations = null)
    {
        var type = new VectorDataViewType(NumberDataViewType.Single, sizes.ToArray());
        return new(name, type, annotations, result => new VectorOf(result, type.Size).ToGetter());
    }

    sealed class VectorOf(Func<BatchResult> result, int length) : IFailing
    {
        public string? Failure { get; private set; }

        public ValueGetter<VBuffer<float>> ToGetter() => Get;

        void Get(ref VBuffer<float> vector)
        {
            var (_, numbers, failure) = result();
            Failure = failure;
            var editor = VBufferEditor.Create(ref vector, length);
            if (numbers is null)
                editor.Values.Fill(float.NaN);
            else
                numbers.CopyTo(editor.Values);
            vector = editor.Commit();
        }
    }
}

/// <summary>What was computed for a row, or why nothing was.</summary>
readonly record struct BatchResult(long Id, float[]? Numbers, string? Failure);

/// <summary>A step whose columns are computed for many rows at once, read ahead of whoever asks for them; for a single prediction,
/// for that row alone.</summary>
public abstract record BatchStep : Step
{
    private protected BatchStep() { }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public override DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Layout(inputSchema, Mapping(inputSchema)).Output;
    }

    /// <inheritdoc/>
    public override IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var mapping = Mapping(input.Schema);
        return new BatchView(input, mapping, Layout(input.Schema, mapping).Output, Warn);
    }

    private protected abstract BatchMapping Mapping(DataViewSchema input);

    private protected override IRowToRowMapper MapperOver(DataViewSchema inputSchema)
    {
        var mapping = Mapping(inputSchema);
        mapping.Expect?.Invoke();
        return new AddedMapper(Layout(inputSchema, mapping));
    }

    // Row by row: what a prediction engine takes. All columns of one row share a result, whichever getter is called first; the table
    // holds it as long as the row lives, of which there is one for each cursor.
    ColumnLayout Layout(DataViewSchema input, BatchMapping mapping)
    {
        var rows = new System.Runtime.CompilerServices.ConditionalWeakTable<DataViewRow, RowResult>();
        return new(input, mapping.Columns.Select(column => new AddedColumn(column.Name, column.Type, mapping.Needs,
            row => column.Getter(rows.GetValue(row, one => new(one, mapping, Warn)).Current), column.Annotations)));
    }

    sealed class RowResult(DataViewRow row, BatchMapping mapping, Action<string> warn)
    {
        readonly Func<RowValues> take = new RowSelection(row.Schema, mapping.Needs, withPath: false).Reader(row);
        BatchResult result;
        long position = -1;

        public BatchResult Current()
        {
            if (position == row.Position && position >= 0)
                return result;
            result = mapping.Result(take());
            position = row.Position;
            if (result.Failure is { } reason)
                warn(reason);
            return result;
        }
    }
}

/// <summary>The rows with what is computed for them.</summary>
sealed class BatchView(IDataView source, BatchMapping mapping, DataViewSchema schema, Action<string> warn) : IDataView
{
    ImmutableArray<BatchResult> remembered;

    public DataViewSchema Schema => schema;
    public bool CanShuffle => source.CanShuffle;
    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var needed = columnsNeeded.ToArray();
        var below = needed.Where(column => column.Index < source.Schema.Count).Select(column => source.Schema[column.Index]).ToArray();
        if (below.Length == needed.Length)
            return new Cursor(this, source.GetRowCursor(below, rand), needed, null);
        // Two cursors in step: one runs ahead for what is computed, the other stays where whoever asks is.
        // An order drawn at random must be the same for both.
        int? seed = source.CanShuffle ? rand?.Next() : null;
        // What is remembered is in the view's own order.
        if (seed is null && !remembered.IsDefault)
            return new Cursor(this, source.GetRowCursor(below), needed, remembered);
        var selection = new RowSelection(source.Schema, mapping.Needs, withPath: false);
        var (ahead, isRandom) = ReadingEpoch.Watch(() =>
            seed is null ? RowReader.Open(source, selection.Columns) : source.GetRowCursor(selection.Columns, Order()));
        var results = mapping.Results(() => ahead, source.GetRowCount(), selection);
        return new Cursor(this, source.GetRowCursor(below, Order()), needed,
            seed is null && !isRandom && mapping.Remember > 0 ? Remembering(results) : results, ahead);

        Random? Order() => seed is { } number ? new(number) : null;
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    IEnumerable<BatchResult> Remembering(IEnumerable<BatchResult> results)
    {
        var (kept, bytes) = (ImmutableArray.CreateBuilder<BatchResult>(), 0L);
        foreach (var result in results)
        {
            bytes += (result.Numbers?.Length ?? 0) * sizeof(float);
            if (bytes <= mapping.Remember)
                kept.Add(result);
            else
                kept.Clear();
            yield return result;
        }
        // Reached only when all rows have gone by; a cursor that ends early leaves nothing.
        if (bytes <= mapping.Remember)
            remembered = kept.ToImmutable();
    }

    sealed class Cursor : WrappingCursor
    {
        readonly BatchView view;
        readonly DataViewRowCursor? ahead;
        readonly bool[] active;
        readonly IEnumerator<BatchResult>? results;
        readonly Func<long> id;

        public Cursor(BatchView view, DataViewRowCursor input, DataViewSchema.Column[] needed, IEnumerable<BatchResult>? results,
            DataViewRowCursor? ahead = null) : base(input)
        {
            this.ahead = ahead;
            (this.view, this.results, id) = (view, results?.GetEnumerator(), RowColumn.Ids(input));
            active = new bool[view.Schema.Count];
            foreach (var column in needed)
                active[column.Index] = true;
        }

        public override DataViewSchema Schema => view.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override bool MoveNext()
        {
            if (!Input.MoveNext())
            {
                // Past its end, so that what is remembered becomes whole.
                results?.MoveNext();
                return false;
            }
            if (results is null)
                return true;
            if (!results.MoveNext() || results.Current.Id != id())
                throw new InvalidOperationException("the rows below a network came in another order when they were read twice. Put "
                    + "ShuffleRows behind the network, or leave it out.");
            if (results.Current.Failure is { } reason)
                view.Warn(reason);
            return true;
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            var below = view.BelowCount;
            if (column.Index < below)
                return Input.GetGetter<TValue>(Input.Schema[column.Index]);
            return view.Columns[column.Index - below].Getter(() => results!.Current) as ValueGetter<TValue>
                ?? throw new InvalidOperationException($"Column '{column.Name}': asked for {typeof(TValue).Name}, holds {column.Type}.");
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                results?.Dispose();
                ahead?.Dispose();
            }
            base.Dispose(disposing);
        }
    }

    int BelowCount => source.Schema.Count;

    ImmutableArray<BatchColumn> Columns => mapping.Columns;

    void Warn(string reason) => warn(reason);
}
