using System.Collections.Frozen;

namespace MlPipelines.Graphs.Onnx;

/// <summary>An operator that files may have.</summary>
/// <param name="Type">ONNX's name of it.</param>
/// <param name="Since">The first operator set that has it, from 7 on.</param>
/// <param name="Until">The last operator set that has it, of those that are read.</param>
/// <param name="Refused">Which of its forms are not read; empty where all are.</param>
sealed record ReadOperator(string Type, int Since, int Until, string Refused)
{
    const string Computed = "computed from the image's content";

    static readonly FrozenDictionary<string, int> since = new Dictionary<string, int>
    {
        ["Acosh"] = 9,
        ["Asinh"] = 9,
        ["Atanh"] = 9,
        ["Cosh"] = 9,
        ["Sinh"] = 9,
        ["Sign"] = 9,
        ["Shrink"] = 9,
        ["Erf"] = 9,
        ["Where"] = 9,
        ["ConstantOfShape"] = 9,
        ["MeanVarianceNormalization"] = 9,
        ["Resize"] = 10,
        ["Mod"] = 10,
        ["QuantizeLinear"] = 10,
        ["DequantizeLinear"] = 10,
        ["ThresholdedRelu"] = 10,
        ["CumSum"] = 11,
        ["Range"] = 11,
        ["Round"] = 11,
        ["Celu"] = 12,
        ["GreaterOrEqual"] = 12,
        ["LessOrEqual"] = 12,
        ["HardSwish"] = 14,
        ["LayerNormalization"] = 17,
        ["GroupNormalization"] = 18,
        ["Mish"] = 18,
        ["Gelu"] = 20,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    static readonly FrozenDictionary<string, string> refused = new Dictionary<string, string>
    {
        [nameof(Op.AveragePool)] = "dilations; automatic padding for images of any size",
        [nameof(Op.BatchNormalization)] = "spatial=0",
        [nameof(Op.Cast)] = "texts; floating point of 8 bits, integers of fewer",
        [nameof(Op.Conv)] = "automatic padding for images of any size",
        [nameof(Op.ConvTranspose)] = "output_shape, automatic padding",
        ["ConstantOfShape"] = $"sizes {Computed}",
        ["DequantizeLinear"] = "blocks; scales that are computed; several scales for an activation",
        [nameof(Op.Dropout)] = "its mask",
        [nameof(Op.Expand)] = $"sizes {Computed}",
        ["GroupNormalization"] = "channels known only when it runs",
        ["LayerNormalization"] = "its second and third result",
        [nameof(Op.MaxPool)] = "its second result; automatic padding for images of any size",
        [nameof(Op.Pad)] = $"pads {Computed}",
        ["QuantizeLinear"] = "without a DequantizeLinear behind it",
        ["Range"] = $"numbers {Computed}; fractions",
        [nameof(Op.ReduceMax)] = $"axes {Computed}",
        [nameof(Op.ReduceMean)] = $"axes {Computed}",
        ["ReduceMin"] = $"axes {Computed}",
        ["ReduceProd"] = $"axes {Computed}",
        [nameof(Op.ReduceSum)] = $"axes {Computed}",
        [nameof(Op.Reshape)] = $"sizes {Computed}",
        [nameof(Op.Resize)] = $"antialias, keep_aspect_ratio_policy, half_pixel_symmetric; sizes or scales {Computed}",
        [nameof(Op.Slice)] = $"places {Computed}; cuts of the batch",
        [nameof(Op.Split)] = $"sizes {Computed}",
        [nameof(Op.Squeeze)] = $"axes {Computed}",
        ["Tile"] = $"repeats {Computed}",
        [nameof(Op.TopK)] = $"a number {Computed}",
        [nameof(Op.Unsqueeze)] = $"axes {Computed}",
        ["Upsample"] = $"scales {Computed}",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>All that are read, by name.</summary>
    public static IReadOnlyList<ReadOperator> All { get; } =
    [
        .. Operator.All.Values.Where(op => op.Domain.Length == 0).Select(op => op.Type).Concat(Upgrades.All.Keys)
            .Concat(["Constant", "QuantizeLinear", "DequantizeLinear"]).Distinct().Order(StringComparer.Ordinal)
            .Select(type => new ReadOperator(type, since.GetValueOrDefault(type, ModelReader.OldestOpset),
                type == "Upsample" ? 9 : ModelReader.NewestOpset, refused.GetValueOrDefault(type, ""))),
    ];

    /// <summary>The operators that something is noted of.</summary>
    internal static IEnumerable<string> Noted => since.Keys.Concat(refused.Keys);
}
