namespace MlPipelines.Graphs;

public static partial class Op
{
    internal static readonly Operator[] Pooling =
    [
        new(nameof(MaxPool), InferPool),
        new(nameof(AveragePool), InferPool),
        new(nameof(GlobalAveragePool), InferGlobalPool),
        new(nameof(GlobalMaxPool), InferGlobalPool),
    ];

    /// <summary>Largest value of each window; with <paramref name="ceil"/> a last place that the padded input does not fill counts too.
    /// x [N,C,H,W] → [N,C,H',W'].</summary>
    public static Value MaxPool(Value x, int[] kernel, Sliding? sliding = null, bool ceil = false, string? name = null) =>
        Apply(nameof(MaxPool), [x], Pooled(sliding, kernel, ceil), name);

    /// <summary>Mean of each window; with <paramref name="ceil"/> a last place that the padded input does not fill counts too.
    /// x [N,C,H,W] → [N,C,H',W'].</summary>
    public static Value AveragePool(Value x, int[] kernel, Sliding? sliding = null, bool ceil = false, bool countPadding = false,
        string? name = null) =>
        Apply(nameof(AveragePool), [x], Pooled(sliding, kernel, ceil).With("count_include_pad", countPadding ? 1 : null), name);

    /// <summary>Mean over all places. x [N,C,H,W] → [N,C,1,1].</summary>
    public static Value GlobalAveragePool(Value x, string? name = null) => Apply(nameof(GlobalAveragePool), [x], name: name);

    /// <summary>Largest value over all places. x [N,C,H,W] → [N,C,1,1].</summary>
    public static Value GlobalMaxPool(Value x, string? name = null) => Apply(nameof(GlobalMaxPool), [x], name: name);

    internal static Attributes Pooled(Sliding? sliding, int[] kernel, bool ceil) =>
        (sliding?.Attributes ?? Attributes.None).With("kernel_shape", kernel).With("ceil_mode", ceil ? 1 : null);

    static Inferred[] InferPool(Node node)
    {
        var x = node.Input(0);
        var window = WindowOf(node);
        return [new(x.Type, [x.Shape[0], x.Shape[1], .. window.Over(node, x.Shape)])];
    }

    static Inferred[] InferGlobalPool(Node node)
    {
        var x = node.Input(0);
        if (x.Shape.Rank < 3)
            throw node.Error($"input has shape {x.Shape}, needs [batch,channels,…]. Is a Flatten before it one too many?");
        return [new(x.Type, [x.Shape[0], x.Shape[1], .. Enumerable.Repeat(1, x.Shape.Rank - 2)])];
    }
}
