using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MlPipelines.Native;

/// <summary>libvips as a whole: started once, one thread a call, no cache, only the file formats listed.</summary>
static unsafe class Vips
{
    static readonly string[] Loaders =
    [
        "VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp", "VipsForeignLoadNsgif",
        "VipsForeignLoadTiff", "VipsForeignLoadHeif", "VipsForeignLoadSvg",
    ];

    // The error text of libvips belongs to the process, not to the thread.
    static readonly ReaderWriterLockSlim ErrorText = new(LockRecursionPolicy.NoRecursion);
    static readonly Lazy<string> Started = new(Start);

    /// <summary>Version of the library found.</summary>
    internal static string Version => Started.Value;

    /// <summary>Does a piece of work whole. One that fails is repeated alone, so that the text of its error is its own.</summary>
    /// <exception cref="NativeException">libvips refused; carries its text.</exception>
    internal static T Run<T>(Func<T> work)
    {
        _ = Started.Value;
        ErrorText.EnterReadLock();
        try
        {
            return work();
        }
        catch (NativeException)
        {
            // Repeated below.
        }
        finally
        {
            ErrorText.ExitReadLock();
        }
        ErrorText.EnterWriteLock();
        try
        {
            VipsFunctions.ClearErrors();
            return work();
        }
        finally
        {
            ErrorText.ExitWriteLock();
        }
    }

    /// <summary>What libvips says has gone wrong; the text is taken away.</summary>
    internal static NativeException Failure(string what)
    {
        var text = VipsFunctions.TakeErrors();
        var said = Marshal.PtrToStringUTF8((nint)text)?.Trim();
        VipsFunctions.Free(text);
        return new NativeException($"libvips, {what}: {(string.IsNullOrEmpty(said) ? "no reason given" : said)}");
    }

    static string Start()
    {
        if (VipsFunctions.Init("mlpipelines") != 0)
            throw Failure("start");
        VipsFunctions.SetConcurrency(1);
        VipsFunctions.SetCacheMax(0);
        VipsFunctions.BlockOperation("VipsForeignLoad", 1);
        foreach (var loader in Loaders)
            VipsFunctions.BlockOperation(loader, 0);
        const int messages = 0x10 | 0x20 | 0x40 | 0x80;
        _ = VipsFunctions.SetLogHandler("VIPS", messages, &Ignore, 0);
        return $"{VipsFunctions.Version(0)}.{VipsFunctions.Version(1)}.{VipsFunctions.Version(2)}";
    }

    // Warnings of the loaders would go to standard error; what matters of them comes back as an error.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static void Ignore(byte* domain, int level, byte* message, nint data)
    {
    }
}
