namespace MlPipelines;

/// <summary>What lies outside a picture whose axis runs over a b c d; named and defined as by SciPy's ndimage.</summary>
public enum FillMode
{
    /// <summary>a a a | a b c d | d d d</summary>
    Nearest,

    /// <summary>k k k | a b c d | k k k; any point beyond the outermost pixel centres is k, without blending.</summary>
    Constant,

    /// <summary>c b a | a b c d | d c b</summary>
    Reflect,

    /// <summary>b c | a b c d | b c: the period is one less than the size, the last pixel stands for the first.</summary>
    Wrap,
}
