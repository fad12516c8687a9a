using System.Collections;
using System.Collections.Immutable;

namespace MlPipelines.Graphs;

/// <summary>The attributes of a node: long, float, string, long[], float[], string[] or <see cref="Tensor"/> by name.</summary>
public sealed class Attributes : IEnumerable<KeyValuePair<string, object>>
{
    ImmutableSortedDictionary<string, object> values = ImmutableSortedDictionary.Create<string, object>(StringComparer.Ordinal);

    /// <summary>No attributes.</summary>
    public static Attributes None { get; } = [];

    /// <summary>Adds an attribute in a collection initializer; an int becomes a long, an int array a long array.</summary>
    public void Add(string name, object value) => values = values.Add(name, value switch
    {
        int number => (long)number,
        bool flag => flag ? 1L : 0L,
        double number => (float)number,
        IEnumerable<int> numbers => numbers.Select(number => (long)number).ToArray(),
        long or float or string or long[] or float[] or string[] or Tensors.Tensor => value,
        _ => throw new ArgumentException(
            $"Attribute '{name}': got {value?.GetType().Name ?? "nothing"}, needs a number, a text, numbers or a tensor.", nameof(value)),
    });

    /// <summary>Whether there is an attribute of that name.</summary>
    public bool Has(string name) => values.ContainsKey(name);

    /// <summary>These attributes with one set, or removed when <paramref name="value"/> is null.</summary>
    public Attributes With(string name, object? value)
    {
        var changed = new Attributes { values = values.Remove(name) };
        if (value is not null)
            changed.Add(name, value);
        return changed;
    }

    /// <summary>The whole number of that name.</summary>
    public long Int(string name, long otherwise = 0) => Get(name, otherwise);

    /// <summary>The number of that name.</summary>
    public float Float(string name, float otherwise = 0) => Get(name, otherwise);

    /// <summary>The text of that name.</summary>
    public string Text(string name, string otherwise = "") => Get(name, otherwise);

    /// <summary>The whole numbers of that name.</summary>
    public long[] Ints(string name, params long[] otherwise) => Get(name, otherwise);

    /// <summary>The tensor of that name; null where there is none.</summary>
    public Tensors.Tensor? Tensor(string name) => values.TryGetValue(name, out var value) ? value as Tensors.Tensor : null;

    T Get<T>(string name, T otherwise) => !values.TryGetValue(name, out var value) ? otherwise
        : value is T typed ? typed
        : throw new GraphException($"attribute '{name}'", $"got {value.GetType().Name}, needs {typeof(T).Name}.");

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object>> GetEnumerator() => values.GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
