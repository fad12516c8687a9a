using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>What one member says of one picture.</summary>
/// <param name="Class">Number of the class; less than 0 where there is none.</param>
/// <param name="Probability">Of that class.</param>
readonly record struct TableAnswer(int Class, float Probability)
{
    /// <summary>The member names a class that is none of ours.</summary>
    public const int Unmapped = -1;

    /// <summary>It gives no answer.</summary>
    public const int None = -2;
}

/// <summary>A member's row in the table of answers.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="IsHeldOut">Whether it took no part in the search.</param>
readonly record struct TableMember(string Name, string Type, bool IsHeldOut);

/// <summary>Members × pictures: who says what. Everything that is found is found in it.</summary>
/// <param name="Classes">Names of the classes.</param>
/// <param name="Labels">Of each picture, the number of its class.</param>
/// <param name="Members">The members.</param>
/// <param name="Answers">Of each member, its answer for each picture.</param>
sealed record AnswerTable(ImmutableArray<string> Classes, int[] Labels, ImmutableArray<TableMember> Members, TableAnswer[][] Answers)
{
    public bool IsRight(int member, int picture) => Answers[member][picture].Class == Labels[picture];

    public int[] Searching => [.. Enumerable.Range(0, Members.Length).Where(member => !Members[member].IsHeldOut)];

    public int[] HeldOut => [.. Enumerable.Range(0, Members.Length).Where(member => Members[member].IsHeldOut)];

    /// <summary>How many of some pictures a member gets right.</summary>
    public int CountRight(int member, IEnumerable<int> pictures) => pictures.Count(picture => IsRight(member, picture));

    /// <summary>The share of pictures of which two members of different types say different classes, in the mean over such pairs; of
    /// members of one type alone, over all pairs. 0 for one member.</summary>
    public double Disagreement(IReadOnlyList<int> members, IReadOnlyCollection<int> pictures)
    {
        var pairs = (from a in Enumerable.Range(0, members.Count)
                     from b in Enumerable.Range(a + 1, members.Count - a - 1)
                     select (A: members[a], B: members[b])).ToArray();
        var apart = pairs.Where(pair => Members[pair.A].Type != Members[pair.B].Type).ToArray();
        return (apart.Length > 0 ? apart : pairs).Select(pair =>
            pictures.Count(picture => Answers[pair.A][picture].Class != Answers[pair.B][picture].Class) / (double)pictures.Count)
            .DefaultIfEmpty(0).Average();
    }
}

/// <summary>Of each picture and each type, the share of the type's members that get it right.</summary>
/// <param name="Types">Names of the types, in the order of their first members.</param>
/// <param name="Shares">[picture][type].</param>
/// <param name="RightCounts">Of each picture, how many members get it right: the fewer, the more difficult.</param>
sealed record TypeShares(ImmutableArray<string> Types, double[][] Shares, int[] RightCounts)
{
    public static TypeShares Of(AnswerTable table, IReadOnlyList<int> members)
    {
        string[] types = [.. members.Select(member => table.Members[member].Type).Distinct()];
        int[] typeOf = [.. members.Select(member => Array.IndexOf(types, table.Members[member].Type))];
        int[] sizes = [.. types.Index().Select(type => typeOf.Count(of => of == type.Index))];
        var (shares, counts) = (new double[table.Labels.Length][], new int[table.Labels.Length]);
        for (var picture = 0; picture < shares.Length; picture++)
        {
            var right = new int[types.Length];
            for (var i = 0; i < members.Count; i++)
                right[typeOf[i]] += table.IsRight(members[i], picture) ? 1 : 0;
            counts[picture] = right.Sum();
            shares[picture] = [.. right.Zip(sizes, (count, size) => count / (double)size)];
        }
        return new([.. types], shares, counts);
    }

    /// <summary>The accuracy of each type on some pictures.</summary>
    public double[] Accuracies(IReadOnlyCollection<int> pictures)
    {
        var sums = new double[Types.Length];
        foreach (var picture in pictures)
            for (var type = 0; type < sums.Length; type++)
                sums[type] += Shares[picture][type];
        for (var type = 0; type < sums.Length; type++)
            sums[type] /= pictures.Count;
        return sums;
    }
}
