using System.Runtime.InteropServices;
using System.Text;

namespace MlPipelines.Native;

/// <summary>Text as C libraries take and give it.</summary>
static unsafe class Utf8
{
    internal static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    /// <summary>The text with its closing zero.</summary>
    internal static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text + '\0');

    /// <summary>The text in memory of its own; <see cref="Free"/> releases it.</summary>
    internal static nint Copy(string text) => Marshal.StringToCoTaskMemUTF8(text);

    internal static void Free(nint text) => Marshal.FreeCoTaskMem(text);

    /// <summary>A path in the platform's characters, with its closing zero.</summary>
    internal static byte[] Path(string path) => OperatingSystem.IsWindows() ? Encoding.Unicode.GetBytes(path + '\0') : Bytes(path);
}
