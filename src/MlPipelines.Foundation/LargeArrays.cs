using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MlPipelines;

/// <summary>Arrays of many megabytes, for which Linux is asked for large pages: each page that is touched first costs the kernel a turn,
/// and there are 512 times fewer of them.</summary>
static partial class LargeArrays
{
    const int Page = 2 << 20, HugePages = 14;

    /// <summary>An array whose content is undefined.</summary>
    /// <param name="count">Number of elements.</param>
    /// <param name="pinned">Whether it stays where it is.</param>
    public static T[] Allocate<T>(int count, bool pinned = false) where T : unmanaged
    {
        var array = GC.AllocateUninitializedArray<T>(count, pinned);
        if (OperatingSystem.IsLinux())
            Advise(MemoryMarshal.AsBytes(array.AsSpan()));
        return array;
    }

    // Arrays of this size are only moved where somebody asks for it; one that is would be in small pages, and nothing else.
    static void Advise(Span<byte> bytes)
    {
        var from = AddressOf(bytes);
        var (first, end) = ((from + Page - 1) / Page * Page, (from + bytes.Length) / Page * Page);
        // Where the kernel has none, or will not, pages are small: nothing is lost, so that its answer is of no use.
        if (first < end)
            _ = Advise(first, (nuint)(end - first), HugePages);
    }

    static unsafe nint AddressOf(Span<byte> bytes) => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(bytes));

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(nint address, nuint length, int advice);
}
