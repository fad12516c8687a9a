namespace MlPipelines.Execution.Kernels;

/// <summary>Numbers side by side in one register, for what is written once for registers of each size.</summary>
interface IRegister<TSelf> where TSelf : struct, IRegister<TSelf>
{
    /// <summary>How many numbers it holds.</summary>
    static abstract int Count { get; }

    /// <summary>The same number in each place.</summary>
    static abstract TSelf Create(float value);

    /// <summary>The numbers that begin <paramref name="at"/> floats from the first.</summary>
    static abstract TSelf Load(ref float from, nint at);

    /// <summary>The larger of two numbers in each place; no number where one is none.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>a·b + c, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a, TSelf b);

    static abstract TSelf operator *(TSelf a, TSelf b);

    /// <summary>Writes the numbers.</summary>
    void Store(ref float to);
}
