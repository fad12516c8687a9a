namespace MlPipelines.Tests.Data.Rows;

public sealed class PickedViewTests
{
    static IDataView Numbers(int count) => MadeUp.Rows(count, MadeUp.Number("X", row => row));

    static DataViewRowId[] Whole(PickedView view)
    {
        using var cursor = view.GetRowCursor([]);
        var (getter, ids) = (cursor.GetIdGetter(), new List<DataViewRowId>());
        for (DataViewRowId id = default; cursor.MoveNext(); ids.Add(id))
            getter(ref id);
        return [.. ids];
    }

    [Fact]
    public void Each_row_comes_as_often_as_it_is_picked_in_the_order_below()
    {
        PickedView view = new(Numbers(6), [0, 2, 1, 0, 3]);
        Assert.Equal([1, 1, 2, 4, 4, 4], view.GetColumn<long>("X"));
        Assert.Equal((6, 6), (view.GetRowCount(), view.CountRows()));
        Assert.Equal(6, Whole(view).Length);
    }

    [Fact]
    public void Places_and_counts_are_those_picked_whatever_order_they_are_named_in()
    {
        var view = PickedView.Of(Numbers(5), [4, 0, 2], 5);
        Assert.Equal([0, 2, 4], view.GetColumn<long>("X"));
        Assert.Equal([0, 2, 4], view.Ids());
        Assert.Equal(3, view.GetRowCount());
        Assert.Empty(PickedView.Of(Numbers(5), [], 5).GetColumn<long>("X"));
        Assert.Empty(new PickedView(Numbers(0), []).Ids());
    }

    [Fact]
    public void The_first_of_a_row_keeps_its_id_and_copies_have_their_own()
    {
        var ids = Whole(new PickedView(Numbers(3), [2, 1, 3]));
        Assert.Equal([0, 0, 1, 2, 2, 2], ids.Select(id => (int)id.Low));
        Assert.Equal([false, true, false, false, true, true], ids.Select(PickedView.IsCopy));
        Assert.Equal(6, ids.Distinct().Count());
        Assert.Equal(6, ids.Select(RowColumn.NumberOf).Distinct().Count());
    }

    [Fact]
    public void Copies_of_copies_are_copies_and_meet_no_other()
    {
        var view = new PickedView(new PickedView(Numbers(2), [40, 40]), [.. Enumerable.Repeat(40, 80)]);
        var ids = Whole(view);
        Assert.Equal(3200, ids.Distinct().Count());
        Assert.Equal(2, ids.Count(id => !PickedView.IsCopy(id)));
        Assert.Equal(1600, ids.Count(id => id.Low == 1));
        Assert.Equal(ids, Whole(view));
    }

    [Fact]
    public void A_pick_below_the_end_reads_no_further()
    {
        var read = 0;
        var view = new PickedView(MadeUp.Rows(100, MadeUp.Number("X", row => { read++; return row; })), [0, 1, 1]);
        Assert.Equal([1, 2], view.GetColumn<long>("X"));
        Assert.Equal(2, read);
    }

    [Fact]
    public void An_order_drawn_at_random_is_not_taken_from_below()
    {
        var view = PickedView.Of(new SourceView(50, SourceColumn.Text("X", row => $"{row}")), Enumerable.Range(10, 20), 50);
        Assert.False(view.CanShuffle);
        using var cursor = view.GetRowCursor(view.Schema, new Random(1));
        var (getter, seen) = (cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema["X"]), new List<string>());
        for (ReadOnlyMemory<char> text = default; cursor.MoveNext(); seen.Add(text.ToString()))
            getter(ref text);
        Assert.Equal(Enumerable.Range(10, 20).Select(number => $"{number}"), seen);
        Assert.Equal(-1, cursor.Position);
        Assert.False(cursor.MoveNext());
    }
}
