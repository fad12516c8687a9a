using System.Text;

namespace MlPipelines.Native;

/// <summary>Attributes of the node that a kernel is made for.</summary>
readonly unsafe ref struct KernelAttributes
{
    readonly nint info;

    internal KernelAttributes(nint info) => this.info = info;

    internal float Float(string name, float? fallback = null)
    {
        float value;
        fixed (byte* key = Utf8.Bytes(name))
            return Found(OrtFunctions.Current.KernelInfoGetFloat(info, key, &value), name, fallback is not null) ? value
            : fallback!.Value;
    }

    internal long Int(string name, long? fallback = null)
    {
        long value;
        fixed (byte* key = Utf8.Bytes(name))
            return Found(OrtFunctions.Current.KernelInfoGetInt(info, key, &value), name, fallback is not null) ? value
            : fallback!.Value;
    }

    internal string Text(string name, string? fallback = null)
    {
        nuint length = 0;
        fixed (byte* key = Utf8.Bytes(name))
        {
            if (!Found(OrtFunctions.Current.KernelInfoGetString(info, key, null, &length), name, fallback is not null))
                return fallback!;
            var text = new byte[length];
            fixed (byte* bytes = text)
                Found(OrtFunctions.Current.KernelInfoGetString(info, key, bytes, &length), name, optional: false);
            return Encoding.UTF8.GetString(text.AsSpan(0, (int)length - 1));
        }
    }

    internal long[] Ints(string name, long[]? fallback = null)
    {
        nuint count = 0;
        fixed (byte* key = Utf8.Bytes(name))
        {
            if (!Found(OrtFunctions.Current.KernelInfoGetInts(info, key, null, &count), name, fallback is not null))
                return fallback!;
            var values = new long[count];
            fixed (long* first = values)
                Found(OrtFunctions.Current.KernelInfoGetInts(info, key, first, &count), name, optional: false);
            return values;
        }
    }

    internal float[] Floats(string name, float[]? fallback = null)
    {
        nuint count = 0;
        fixed (byte* key = Utf8.Bytes(name))
        {
            if (!Found(OrtFunctions.Current.KernelInfoGetFloats(info, key, null, &count), name, fallback is not null))
                return fallback!;
            var values = new float[count];
            fixed (float* first = values)
                Found(OrtFunctions.Current.KernelInfoGetFloats(info, key, first, &count), name, optional: false);
            return values;
        }
    }

    /// <summary>Whether the attribute was there; one of another type is an error, one that is missing only without a fallback.</summary>
    static bool Found(nint status, string name, bool optional)
    {
        if (status == 0)
            return true;
        var failure = OrtFunctions.Current.Failure(status, $"attribute '{name}'");
        return optional && failure.Message.Contains("No attribute", StringComparison.Ordinal) ? false : throw failure;
    }
}
