using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Pictures from which sets with equal numbers of each class are taken.</summary>
sealed class BalancedPool
{
    readonly int[][] byClass;

    /// <param name="pictures">Their numbers.</param>
    /// <param name="labels">Of each number, the class.</param>
    /// <param name="classes">Names of the classes.</param>
    /// <param name="size">Of a set; when it is no multiple of the number of classes, some classes, drawn at random, have one more.</param>
    /// <param name="dice">Which classes those are.</param>
    /// <exception cref="InvalidDataException">A class has too few.</exception>
    public BalancedPool(IEnumerable<int> pictures, int[] labels, ImmutableArray<string> classes, int size, Dice dice)
    {
        if (size < classes.Length)
            throw new InvalidDataException($"got {size} pictures for a set of {classes.Length} classes, at least one of each is needed.");
        var groups = pictures.ToLookup(picture => labels[picture]);
        byClass = [.. classes.Select((_, place) => groups[place].Order().ToArray())];
        var quotas = MiniSetDraw.Quotas(size, 1, [.. classes], dice);
        (Size, Quotas) = (size, [.. classes.Select(name => quotas[name][0])]);
        foreach (var (place, name) in classes.Index())
            if (byClass[place].Length < Quotas[place])
                throw new InvalidDataException($"class '{name}' has {byClass[place].Length} pictures that a set can be made of, "
                    + $"{Quotas[place]} are needed for one of {size}. Ask for fewer pictures.");
    }

    /// <summary>Pictures in a set.</summary>
    public int Size { get; }

    /// <summary>Of each class, how many are in a set.</summary>
    public ImmutableArray<int> Quotas { get; }

    /// <summary>The pictures of each class.</summary>
    public IReadOnlyList<int[]> ByClass => byClass;

    /// <summary>The most pictures that a balanced set of some pictures can have, up to a number; 0 where a class has none.</summary>
    public static int Most(IEnumerable<int> pictures, int[] labels, int classes, int size)
    {
        var counts = new int[classes];
        foreach (var picture in pictures)
            counts[labels[picture]]++;
        var each = counts.Min();
        return each * classes >= size ? size : each * classes;
    }

    /// <summary>A set drawn at random, in ascending order.</summary>
    public int[] Draw(Dice dice) => [.. byClass.SelectMany((pictures, place) => Shuffled(pictures, dice.Split(place)).Take(Quotas[place]))
        .Order()];

    /// <summary>Several sets; no picture is in two of them where there are enough.</summary>
    public int[][] Draws(int sets, Dice dice)
    {
        if (byClass.Index().Any(one => one.Item.Length < sets * Quotas[one.Index]))
            return [.. Enumerable.Range(0, sets).Select(set => Draw(dice.Split(set)))];
        var shuffled = byClass.Select((pictures, place) => Shuffled(pictures, dice.Split(place))).ToArray();
        return [.. Enumerable.Range(0, sets).Select(set =>
            shuffled.SelectMany((pictures, place) => pictures.Skip(set * Quotas[place]).Take(Quotas[place])).Order().ToArray())];
    }

    public static int[] Shuffled(IEnumerable<int> pictures, Dice dice)
    {
        int[] order = [.. pictures];
        dice.Shuffle<int>(order);
        return order;
    }
}
