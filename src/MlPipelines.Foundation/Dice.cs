using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlPipelines;

/// <summary>Counter-based randomness: the numbers drawn depend on the keys given and on nothing else,
/// so order and threads do not matter.</summary>
/// <remarks>Each draw mixes key and counter by the finaliser of SplitMix64. Source: Steele, Lea, Flood 2014,
/// doi:10.1145/2660193.2660195.</remarks>
public struct Dice
{
    const ulong Golden = 0x9E3779B97F4A7C15;
    ulong state;

    Dice(ulong key) => state = key;

    /// <summary>Dice for one purpose, keyed by seed, epoch and sample (or any other numbers).</summary>
    public static Dice For(long seed, params ReadOnlySpan<long> keys)
    {
        var key = Mix((ulong)seed + Golden);
        foreach (var part in keys)
            key = Mix(key ^ Mix((ulong)part + Golden));
        return new Dice(key);
    }

    /// <summary>Dice that are independent of these, for a part of the same sample.</summary>
    public readonly Dice Split(long part) => new(Mix(state ^ Mix((ulong)part + Golden)));

    /// <summary>64 random bits.</summary>
    public ulong Bits() => Mix(state += Golden);

    /// <summary>A number from [0, 1), 53 bits.</summary>
    public double Unit() => (Bits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number from [<paramref name="from"/>, <paramref name="to"/>).</summary>
    public double Uniform(double from, double to) => from + (to - from) * Unit();

    /// <summary>An integer from [0, <paramref name="bound"/>), without bias.</summary>
    public int Below(int bound) => (int)Math.BigMul(Bits(), (ulong)Check.AtLeast(bound, 1), out _);

    /// <summary>True with the probability given.</summary>
    public bool Chance(double probability) => Unit() < probability;

    /// <summary>A number from the standard normal distribution. Source: Box, Muller 1958.</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Unit())) * Math.Cos(2 * Math.PI * Unit());

    /// <summary>Fills with bytes, each from 0 to 255.</summary>
    public void Bytes(Span<byte> values)
    {
        var eights = MemoryMarshal.Cast<byte, ulong>(values);
        foreach (ref var eight in eights)
            eight = Bits();
        var rest = Bits();
        foreach (ref var value in values[(8 * eights.Length)..])
            (value, rest) = ((byte)rest, rest >> 8);
    }

    /// <summary>Fills with numbers from the standard normal distribution, in float: at most 5.8 from 0. Source: Box, Muller 1958.</summary>
    public void Normals(Span<float> values)
    {
        const int Half = 8;
        Span<float> radii = stackalloc float[Half], turns = stackalloc float[Half], drawn = stackalloc float[2 * Half];
        for (; !values.IsEmpty; values = values[Math.Min(drawn.Length, values.Length)..])
        {
            for (var i = 0; i < Half; i++)
            {
                var bits = Bits();
                (radii[i], turns[i]) = (((uint)(bits >> 40) + 1) * (1f / (1 << 24)), (uint)(bits & 0xFFFFFF) * (MathF.Tau / (1 << 24)));
            }
            var radius = Vector256.Sqrt(Vector256.Log(Vector256.Create<float>(radii)) * Vector256.Create(-2f));
            var (sine, cosine) = Vector256.SinCos(Vector256.Create<float>(turns));
            (radius * cosine).CopyTo(drawn);
            (radius * sine).CopyTo(drawn[Half..]);
            drawn[..Math.Min(drawn.Length, values.Length)].CopyTo(values);
        }
    }

    /// <summary>Shuffles in place. Source: Fisher, Yates 1938; Durstenfeld 1964.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
