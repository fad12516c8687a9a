using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>How a number between 0 and 1 becomes a colour.</summary>
public enum ColourMap
{
    /// <summary>From black to white.</summary>
    Grey = 0,

    /// <summary>From dark violet over green to yellow, evenly for the eye and readable without colour vision.</summary>
    Viridis = 1,

    /// <summary>From blue over green and yellow to red, as heat maps are mostly shown.</summary>
    Jet = 2,
}

/// <summary>The colours of the maps.</summary>
/// <remarks>Source of the table: matplotlib's viridis (Smith, van der Walt), of which it is within two steps of 8 bits.</remarks>
static class ColourMaps
{
    // At every 32nd part of the way; between them, straight.
    static readonly int[] viridis =
    [
        0x440154, 0x470d60, 0x48186a, 0x482374, 0x472d7b, 0x453681, 0x424086, 0x3f4989, 0x3b528b, 0x375a8d, 0x33638d,
        0x2f6a8e, 0x2c728e, 0x297a8e, 0x26818e, 0x23898e, 0x21908c, 0x1f988b, 0x1f9f88, 0x21a685, 0x28ae80, 0x31b57b,
        0x3ebc74, 0x4cc26c, 0x5dc963, 0x6ece58, 0x82d34c, 0x96d83f, 0xabdc32, 0xc0df24, 0xd5e21a, 0xeae51a, 0xfde725,
    ];

    /// <summary>The colour of a number, which is brought between 0 and 1; one that is none is black.</summary>
    internal static Colour Of(this ColourMap map, float number)
    {
        var x = float.IsNaN(number) ? 0 : Math.Clamp(number, 0, 1);
        return map switch
        {
            ColourMap.Viridis => new(Between(x, 16), Between(x, 8), Between(x, 0)),
            ColourMap.Jet => new(Byte(1.5 - Math.Abs(4 * x - 3)), Byte(1.5 - Math.Abs(4 * x - 2)), Byte(1.5 - Math.Abs(4 * x - 1))),
            _ => new(Byte(x), Byte(x), Byte(x)),
        };
    }

    static byte Between(double x, int shift)
    {
        var at = x * (viridis.Length - 1);
        var first = Math.Min((int)at, viridis.Length - 2);
        var (left, right) = (viridis[first] >> shift & byte.MaxValue, viridis[first + 1] >> shift & byte.MaxValue);
        return (byte)(left + (right - left) * (at - first) + 0.5);
    }

    static byte Byte(double share) => (byte)(Math.Clamp(share, 0, 1) * byte.MaxValue + 0.5);
}
