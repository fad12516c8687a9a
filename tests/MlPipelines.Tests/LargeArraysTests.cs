using System.Globalization;
using System.Runtime.InteropServices;
using MlPipelines.Tests.Evaluation;

namespace MlPipelines.Tests;

/// <summary>Arrays in large pages, and files read into them.</summary>
public class LargeArraysTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(9_000_001)]
    public void A_file_is_read_whole(int length)
    {
        using var folder = new TemporaryFolder();
        var bytes = new byte[length];
        Dice.For(length).Bytes(bytes);
        File.WriteAllBytes(folder.File("x"), bytes);
        Assert.True(bytes.AsSpan().SequenceEqual(LargeArrays.Read(folder.File("x"))));
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("missing.onnx", Assert.Throws<FileNotFoundException>(() => LargeArrays.Read(folder.File("missing.onnx"))).Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(600_001)]
    [InlineData(5_000_000)]
    public void An_array_of_any_size_holds_what_is_written_to_it(int count)
    {
        var array = LargeArrays.Allocate<float>(count, pinned: true);
        Assert.Equal(count, array.Length);
        array.AsSpan().Fill(3);
        GC.Collect();
        Assert.False(array.AsSpan().ContainsAnyExcept(3f));
    }

    [Fact]
    public void Linux_is_asked_for_large_pages()
    {
        const string setting = "/sys/kernel/mm/transparent_hugepage/enabled";
        Assert.SkipUnless(File.Exists(setting) && !File.ReadAllText(setting).Contains("[never]", StringComparison.Ordinal),
            "This kernel has no large pages.");
        var array = LargeArrays.Allocate<byte>(64 << 20, pinned: true);
        var address = (ulong)Marshal.UnsafeAddrOfPinnedArrayElement(array, 32 << 20);
        var (isHere, flags) = (false, "");
        foreach (var line in File.ReadLines("/proc/self/smaps"))
            if (line.Split(' ')[0].Split('-') is [var from, var to])
                isHere = Number(from) <= address && address < Number(to);
            else if (isHere && line.StartsWith("VmFlags:", StringComparison.Ordinal))
                flags = line;
        Assert.Contains("hg", flags.Split(' '));
        GC.KeepAlive(array);
    }

    static ulong Number(string text) => ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
