using System.Runtime.CompilerServices;

namespace MlPipelines.Tensors;

/// <summary>Sizes of a tensor's axes; an axis of size <see cref="Unknown"/> takes any size (a symbolic batch).</summary>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public sealed class Shape : IEquatable<Shape>, IReadOnlyList<int>
{
    /// <summary>The size of an axis that is only known when the graph runs.</summary>
    public const int Unknown = -1;

    readonly int[] sizes;

    Shape(int[] sizes) => this.sizes = sizes;

    /// <summary>The shape of a single number.</summary>
    public static Shape Scalar { get; } = new([]);

    /// <summary>The shape of those sizes, for collection expressions.</summary>
    public static Shape Create(ReadOnlySpan<int> sizes)
    {
        foreach (var size in sizes)
            Check.AtLeast(size, Unknown);
        return new Shape(sizes.ToArray());
    }

    /// <summary>Number of axes.</summary>
    public int Rank => sizes.Length;

    /// <summary>Number of axes.</summary>
    public int Count => sizes.Length;

    /// <summary>The size of an axis; negative axes count from the end.</summary>
    public int this[int axis] => sizes[axis < 0 ? axis + sizes.Length : axis];

    /// <summary>True when no axis is <see cref="Unknown"/>.</summary>
    public bool IsKnown => Array.IndexOf(sizes, Unknown) < 0;

    /// <summary>Number of elements.</summary>
    /// <exception cref="InvalidOperationException">An axis is unknown.</exception>
    public long Length
    {
        get
        {
            var length = 1L;
            foreach (var size in sizes)
                length = size == Unknown
                ? throw new InvalidOperationException($"{this} has an axis of unknown size, so it has no number of elements.")
                : checked(length * size);
            return length;
        }
    }

    /// <summary>The sizes.</summary>
    public ReadOnlySpan<int> AsSpan() => sizes;

    /// <summary>This shape with one axis changed.</summary>
    public Shape With(int axis, int size)
    {
        var changed = (int[])sizes.Clone();
        changed[axis < 0 ? axis + sizes.Length : axis] = size;
        return Create(changed);
    }

    /// <summary>Whether a tensor of <paramref name="other"/>'s shape fits here: same rank,
    /// and the same size wherever both are known.</summary>
    public bool Accepts(Shape other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Rank == other.Rank
            && sizes.Zip(other.sizes).All(pair => pair.First == pair.Second || pair.First == Unknown || pair.Second == Unknown);
    }

    /// <inheritdoc/>
    public bool Equals(Shape? other) => other is not null && sizes.AsSpan().SequenceEqual(other.sizes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var size in sizes)
            hash.Add(size);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => $"[{string.Join(",", sizes.Select(size => size == Unknown ? "?" : size.ToString()))}]";

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)sizes).GetEnumerator();
    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Whether all sizes are equal.</summary>
    public static bool operator ==(Shape? left, Shape? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether a size differs, or the number of axes.</summary>
    public static bool operator !=(Shape? left, Shape? right) => !(left == right);
}
