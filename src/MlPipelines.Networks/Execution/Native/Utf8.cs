using System.Text;

namespace MlPipelines.Native;

/// <summary>Text as C libraries take it.</summary>
static class Utf8
{
    /// <summary>The text with its closing zero.</summary>
    internal static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text + '\0');
}
