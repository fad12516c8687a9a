using System.Runtime.InteropServices;
using NetVips;

namespace MlPipelines.Imaging;

/// <summary>libvips as a whole: one thread a call, no cache, only the file formats listed.</summary>
static class Vips
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
    /// <exception cref="DllNotFoundException">There is none for this machine.</exception>
    internal static string Version => Started.Value;

    /// <summary>Finds the library and sets it up, where that was not done yet.</summary>
    /// <exception cref="DllNotFoundException">There is none for this machine.</exception>
    internal static void EnsureStarted() => _ = Started.Value;

    /// <summary>Does a piece of work whole. One that fails is repeated alone, so that the text of its error is its own.</summary>
    /// <exception cref="VipsException">libvips refused; carries its text.</exception>
    internal static T Run<T>(Func<T> work)
    {
        EnsureStarted();
        // Work must not call Run again on its thread: the lock refuses to be taken twice.
        ErrorText.EnterReadLock();
        try
        {
            return work();
        }
        catch (VipsException)
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
            ClearErrorText();
            return work();
        }
        finally
        {
            ErrorText.ExitWriteLock();
        }
    }

    /// <summary>What libvips says, without the line that the binding puts before it.</summary>
    internal static string Said(VipsException error)
    {
        var lines = error.Message.Split('\n', 2);
        return lines.Length == 2 && !string.IsNullOrWhiteSpace(lines[1]) ? lines[1].Trim() : $"{lines[0].Trim()}: no reason given";
    }

    // Making an exception takes away what others have left in the text.
    static void ClearErrorText() => _ = new VipsException("cleared");

    static string Start()
    {
        if (!ModuleInitializer.VipsInitialized)
            throw new DllNotFoundException(
                $"libvips ({RuntimeInformation.RuntimeIdentifier}): not found, pictures need it " +
                $"({ModuleInitializer.Exception?.Message.ReplaceLineEndings(" ")}). Reference the NetVips.Native package of this platform.",
                ModuleInitializer.Exception);
        // Pictures are decoded side by side by our own threads; what libvips remembers would keep files' bytes and pixels.
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;
        Operation.Block("VipsForeignLoad", true);
        foreach (var loader in Loaders)
            Operation.Block(loader, false);
        // Warnings of the loaders would go to standard error; what matters of them comes back as an error.
        const Enums.LogLevelFlags messages =
            Enums.LogLevelFlags.Warning | Enums.LogLevelFlags.Message | Enums.LogLevelFlags.Info | Enums.LogLevelFlags.Debug;
        Log.SetLogHandler("VIPS", messages, (_, _, _) => { });
        return string.Join('.', Enumerable.Range(0, 3).Select(part => NetVips.NetVips.Version(part)));
    }
}
