using System.Collections.Immutable;
using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>A network of layers one after another.</summary>
public sealed class Sequential : Network
{
    Graph? plain;

    /// <param name="layers">The layers in order; the first may be an <see cref="Input"/>.</param>
    /// <exception cref="ArgumentException">There are none, or two have one name.</exception>
    public Sequential(params IEnumerable<Layer> layers)
    {
        var named = ImmutableArray.CreateBuilder<Layer>();
        var given = layers.ToList();
        var taken = given.Select(layer => layer.Name).OfType<string>().ToHashSet(StringComparer.Ordinal);
        if (given.GroupBy(layer => layer.Name).FirstOrDefault(group => group.Key is not null && group.Count() > 1) is { } twice)
            throw new ArgumentException($"Layer name '{twice.Key}' is used {twice.Count()} times; each layer needs its own.",
                nameof(layers));
        foreach (var layer in given)
        {
            var name = layer.Name ?? LayerNames.Free(layer.DefaultName, taken);
            taken.Add(name);
            named.Add(layer with { Name = name });
        }
        Layers = named.Count > 0 ? named.ToImmutable() : throw new ArgumentException("A network needs at least one layer.", nameof(layers));
    }

    Sequential(IEnumerable<Layer> layers, bool isCut, string? backboneEnd)
        : this(layers) => (IsCut, BackboneEnd) = (isCut, backboneEnd);

    /// <summary>The layers, all with names.</summary>
    public ImmutableArray<Layer> Layers { get; }

    /// <inheritdoc/>
    public override Input? Takes => Layers[0] as Input;

    /// <inheritdoc/>
    public override Graph Build(int height, int width, int channels)
    {
        var image = Input(height, width, channels);
        return new Graph([image], (OutputName, Layers.Aggregate(image, (x, layer) => layer.On(x))));
    }

    /// <inheritdoc/>
    public override Network CutAt(string layer)
    {
        var last = Layers.Select(each => each.Name).ToList().IndexOf(layer);
        return last >= 0 ? new Sequential(Layers[..(last + 1)], isCut: true, BackboneEnd)
            : throw NoLayer(layer, Layers.Select(each => each.Name!));
    }

    /// <inheritdoc/>
    public override Network Append(params IEnumerable<Layer> layers) =>
        new Sequential([.. Layers, .. layers], isCut: false, IsCut ? Layers[^1].Name : BackboneEnd);

    private protected override Graph Plain => LazyInitializer.EnsureInitialized(ref plain, Build);

    private protected override bool IsCut { get; }

    private protected override string? BackboneEnd { get; }

    private protected override GraphNetwork From(Graph changed) =>
        new(changed, Preprocessing.None, isCut: IsCut, backboneEnd: BackboneEnd);

    /// <inheritdoc/>
    public override string ToJson() => NetworkJson.Write(this);
}
