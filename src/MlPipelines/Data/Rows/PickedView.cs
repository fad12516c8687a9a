using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace MlPipelines;

/// <summary>Some rows of a view in its order, each any number of times. A copy has an id of its own,
/// so that what is random differs from copy to copy.</summary>
/// <remarks>Rows are told by their place, so that the view below is always read in its own order.</remarks>
sealed class PickedView : IDataView
{
    readonly IDataView source;
    readonly ImmutableArray<int> times;
    readonly long count, salt;

    /// <param name="source">The view below.</param>
    /// <param name="times">How often each of its rows is there, in their order; rows behind the last are not there.</param>
    public PickedView(IDataView source, ImmutableArray<int> times)
    {
        (this.source, this.times) = (source, times);
        count = times.Sum(time => (long)time);
        salt = times.Aggregate((long)times.Length, (hash, time) => unchecked(31 * hash + time));
    }

    /// <summary>Each of the rows at those places once.</summary>
    public static PickedView Of(IDataView source, IEnumerable<int> places, int rows)
    {
        var times = new int[rows];
        foreach (var place in places)
            times[place] = 1;
        return new(source, ImmutableCollectionsMarshal.AsImmutableArray(times));
    }

    /// <summary>Whether a row is a copy of one before it: those have a number of their own in the upper half of its id.</summary>
    public static bool IsCopy(DataViewRowId id) => id.High is > 0 and < MostCopies;

    // Copies lie below it; ids that ML.NET's views make by hashing lie above, all but one in 2³².
    const ulong MostCopies = 1UL << 32;

    // The view below may hold copies of the same rows, which copies that were counted up would meet.
    static ulong CopyOf(ulong high, int copy, long salt) => Dice.For(salt, (long)high, copy).Bits() % (MostCopies - 1) + 1;

    public DataViewSchema Schema => source.Schema;
    public bool CanShuffle => false;
    public long? GetRowCount() => count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        // Without the dice: times are told by the place in the source's own order.
        new Cursor(source.GetRowCursor(columnsNeeded), times, salt);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    sealed class Cursor(DataViewRowCursor input, ImmutableArray<int> times, long salt) : WrappingCursor(input)
    {
        long position = -1;
        int place = -1, copy;
        bool over;

        public override long Position => over ? -1 : position;

        public override bool MoveNext()
        {
            if (over)
                return false;
            // For a copy the cursor below stays where it is, and its getters give the same row again.
            if (place >= 0 && copy + 1 < times[place])
                copy++;
            else if (!MoveToNext())
            {
                over = true;
                return false;
            }
            position++;
            return true;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter()
        {
            var below = Input.GetIdGetter();
            return (ref DataViewRowId id) =>
            {
                below(ref id);
                if (copy > 0)
                    id = new(id.Low, CopyOf(id.High, copy, salt));
            };
        }

        bool MoveToNext()
        {
            copy = 0;
            while (++place < times.Length && Input.MoveNext())
                if (times[place] > 0)
                    return true;
            return false;
        }
    }
}
