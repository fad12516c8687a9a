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
        if (OperatingSystem.IsLinux() && count > 0)
            Advise(Marshal.UnsafeAddrOfPinnedArrayElement(array, 0), (nint)count * Unsafe.SizeOf<T>());
        return array;
    }

    /// <summary>The whole file.</summary>
    /// <exception cref="IOException">It cannot be read, or has more than 2 GB.</exception>
    public static byte[] Read(string path)
    {
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        var length = RandomAccess.GetLength(file);
        // Some files, such as those of /proc, do not say how long they are.
        if (length < Page || length > Array.MaxLength)
            return File.ReadAllBytes(path);
        var bytes = Allocate<byte>((int)length);
        for (var read = 0; read < bytes.Length;)
            read += RandomAccess.Read(file, bytes.AsSpan(read), read) is var count and > 0 ? count
                : throw new EndOfStreamException($"{path}: became shorter while it was read. Try again.");
        return bytes;
    }

    // Arrays of this size are only moved where somebody asks for it; one that is would be in small pages, and nothing else.
    static void Advise(nint from, nint length)
    {
        var (first, end) = ((from + Page - 1) / Page * Page, (from + length) / Page * Page);
        // Where the kernel has none, or will not, pages are small: nothing is lost, so that its answer is of no use.
        if (first < end)
            _ = Advise(first, (nuint)(end - first), HugePages);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(nint address, nuint length, int advice);
}
