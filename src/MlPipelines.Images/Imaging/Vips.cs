using System.Runtime.InteropServices;
using NetVips;

namespace MlPipelines.Imaging;

/// <summary>libvips as a whole: one thread a call, no cache, only the file formats listed.</summary>
static class Vips
{
    static readonly string[] Loaders =
    [
        "VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp", "VipsForeignLoadTiff", "VipsForeignLoadHeif",
        "VipsForeignLoadSvg",
    ];

    // The error text of libvips belongs to the process, not to the thread.
    static readonly ReaderWriterLockSlim ErrorText = new(LockRecursionPolicy.NoRecursion);
    static readonly Lock heard = new();
    static readonly List<string> warnings = [];
    static long told;
    static readonly Lazy<string> Started = new(Start);

    /// <summary>Version of the library found.</summary>
    /// <exception cref="DllNotFoundException">There is none for this machine.</exception>
    internal static string Version => Started.Value;

    /// <summary>Finds the library and sets it up, where that was not done yet.</summary>
    /// <exception cref="DllNotFoundException">There is none for this machine.</exception>
    internal static void EnsureStarted() => _ = Started.Value;

    /// <summary>Does a piece of work whole. One that fails, or that something was said during, is repeated alone, so that what was said is
    /// about it.</summary>
    /// <param name="work">What is done.</param>
    /// <param name="remark">What was said, though it was done; null for nothing.</param>
    /// <exception cref="VipsException">libvips refused; carries its text.</exception>
    internal static T Run<T>(Func<T> work, out string? remark)
    {
        EnsureStarted();
        remark = null;
        // Work must not call Run again on its thread: the lock refuses to be taken twice.
        ErrorText.EnterReadLock();
        try
        {
            var before = Volatile.Read(ref told);
            var done = work();
            if (Hear(out _) == before)
                return done;
        }
        // Making the exception took away the text, with what may have been said during the work of others. A filter tells them at once,
        // before the stack is unwound.
        catch (VipsException) when (Interlocked.Increment(ref told) > 0)
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
            Hear(out _);
            var done = work();
            Hear(out remark);
            return done;
        }
        finally
        {
            ErrorText.ExitWriteLock();
        }
    }

    /// <inheritdoc cref="Run{T}(Func{T}, out string?)"/>
    internal static T Run<T>(Func<T> work) => Run(work, out _);

    // Takes what was said; counts how often anything was.
    static long Hear(out string? text)
    {
        lock (heard)
        {
            string[] said = [.. warnings, Said(new VipsException(""))];
            warnings.Clear();
            text = string.Join('\n', said.Where(line => line.Length > 0));
            if (text.Length == 0)
                text = null;
            else
                Interlocked.Increment(ref told);
            return Volatile.Read(ref told);
        }
    }

    static void Warn(string text)
    {
        const int most = 100;
        lock (heard)
            if (warnings.Count < most && DecoderRemark.IsLossOfTiff(text))
                warnings.Add(text);
    }

    /// <summary>What libvips says, without the line that the binding puts before it.</summary>
    internal static string Said(VipsException error)
    {
        var lines = error.Message.Split('\n', 2);
        return lines.Length == 2 && !string.IsNullOrWhiteSpace(lines[1]) ? lines[1].Trim()
            : lines[0].Trim() is { Length: > 0 } operation ? $"{operation}: no reason given" : "";
    }

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
        // Warnings of the loaders would go to standard error; what matters of them comes back as an error, or is heard.
        const Enums.LogLevelFlags messages =
            Enums.LogLevelFlags.Warning | Enums.LogLevelFlags.Message | Enums.LogLevelFlags.Info | Enums.LogLevelFlags.Debug;
        Log.SetLogHandler("VIPS", messages, (_, level, text) =>
        {
            if (level.HasFlag(Enums.LogLevelFlags.Warning))
                Warn(text);
        });
        return string.Join('.', Enumerable.Range(0, 3).Select(part => NetVips.NetVips.Version(part)));
    }
}
