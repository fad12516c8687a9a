using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace MlPipelines;

/// <summary>Reads what Python pickled, as far as it is plain data: dictionaries, lists, tuples, text,
/// numbers and NumPy's arrays of bytes. It executes nothing.</summary>
/// <remarks>
/// Bytes and text both become <see cref="string"/> (Latin-1 for bytes). Names of Python's functions are
/// accepted only as parts of NumPy's own notation for an array.
/// Source: CPython's Lib/pickletools.py, protocols 1 to 4.
/// </remarks>
sealed class Pickle
{
    // All that a pickle may name. It is never looked up: each stands for what Reduce makes of it.
    static readonly string[] Known =
    [
        "numpy.core.multiarray _reconstruct", "numpy._core.multiarray _reconstruct", "numpy ndarray", "numpy dtype", "_codecs encode",
    ];

    readonly byte[] bytes;
    readonly string name;
    readonly List<object?> stack = [];
    readonly Stack<int> marks = new();
    readonly Dictionary<long, object?> memo = [];
    int at;

    Pickle(byte[] bytes, string name) => (this.bytes, this.name) = (bytes, name);

    /// <exception cref="InvalidDataException">It is cut short, no pickle, or holds anything but plain data; the message names what,
    /// and where.</exception>
    public static object? Read(byte[] bytes, string name)
    {
        var pickle = new Pickle(bytes, name);
        try
        {
            return pickle.Run();
        }
        catch (Exception exception)
            when (exception is ArgumentException or IndexOutOfRangeException or InvalidOperationException or InvalidCastException
            or OverflowException or KeyNotFoundException or NullReferenceException)
        {
            throw new InvalidDataException($"{name}: is no pickle, or damaged, at byte {pickle.at}. Fetch it again.", exception);
        }
    }

    object? Run()
    {
        while (true)
        {
            var start = at;
            var code = (char)Byte();
            switch (code)
            {
                case '\x80': Byte(); break;
                case '\x95': Take(8); break;
                case '.': return Pop();
                case '(': marks.Push(stack.Count); break;
                case '}': stack.Add(new Dictionary<string, object?>()); break;
                case ']': stack.Add(new List<object?>()); break;
                case ')': stack.Add(Array.Empty<object?>()); break;
                case 't': stack.Add(ToMark()); break;
                case '\x85': case '\x86': case '\x87': stack.Add(Last(code - '\x84')); break;
                case 'l': stack.Add(ToMark().ToList()); break;
                case 'd': { var items = ToMark(); stack.Add(new Dictionary<string, object?>()); Set(items); } break;
                case 'a': { var item = Pop(); Top<List<object?>>().Add(item); } break;
                case 'e': { var items = ToMark(); Top<List<object?>>().AddRange(items); } break;
                case 's': Set(Last(2)); break;
                case 'u': Set(ToMark()); break;
                case 'N': stack.Add(null); break;
                case '\x88': stack.Add(true); break;
                case '\x89': stack.Add(false); break;
                case 'K': stack.Add((long)Byte()); break;
                case 'M': stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
                case 'J': stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
                case '\x8a': stack.Add((long)new BigInteger(Take(Byte()))); break;
                case 'I': stack.Add(Line() switch { "00" => false, "01" => true, var number => Integer(number) }); break;
                case 'U': case 'C': stack.Add(Latin(Byte())); break;
                case 'T': case 'B': stack.Add(Latin(Length(4))); break;
                case '\x8e': stack.Add(Latin(Length(8))); break;
                case 'X': stack.Add(Encoding.UTF8.GetString(Take(Length(4)))); break;
                case '\x8c': stack.Add(Encoding.UTF8.GetString(Take(Byte()))); break;
                case '\x8d': stack.Add(Encoding.UTF8.GetString(Take(Length(8)))); break;
                case 'q': memo[Byte()] = stack[^1]; break;
                case 'r': memo[Length(4)] = stack[^1]; break;
                case 'p': memo[Integer(Line())] = stack[^1]; break;
                // MEMOIZE: the next number is how many there are.
                case '\x94': memo[memo.Count] = stack[^1]; break;
                case 'h': stack.Add(memo[Byte()]); break;
                case 'j': stack.Add(memo[Length(4)]); break;
                case 'g': stack.Add(memo[Integer(Line())]); break;
                case 'c': stack.Add(Global($"{Line()} {Line()}", start)); break;
                case '\x93': { var names = Last(2); stack.Add(Global($"{names[0]} {names[1]}", start)); } break;
                case 'R': { var call = Last(2); stack.Add(Reduce((PickledName)call[0]!, (object?[])call[1]!, start)); } break;
                case 'b': { var state = Pop(); Build(stack[^1], (object?[])state!, start); } break;
                default: throw Refused(start, $"the operation 0x{(int)code:X2}{(code is > ' ' and < '\x7f' ? $" ('{code}')" : "")}");
            }
        }
    }

    PickledName Global(string global, int start) =>
        Known.Contains(global) ? new(global) : throw Refused(start, $"the name '{global.Replace(' ', '.')}'");

    object Reduce(PickledName function, object?[] arguments, int start) => (function.Name, arguments) switch
    {
        ("_codecs encode", [string text, "latin1" or "latin-1"]) => text,
        ("numpy dtype", ["u1" or "|u1", ..]) => new PickledBytes(),
        (var reconstruct, [PickledName { Name: "numpy ndarray" }, ..])
        when reconstruct.EndsWith("_reconstruct", StringComparison.Ordinal) => new PickledArray(),
        _ => throw Refused(start,
            $"a call of '{function.Name.Replace(' ', '.')}' with {arguments.Length} arguments (arrays of unsigned bytes only)"),
    };

    void Build(object? target, object?[] state, int start)
    {
        // The state of the type u1 is byte order and alignment, of which single bytes have none.
        if (target is PickledBytes)
            return;
        if (target is not PickledArray array || state is not [_, object?[] shape, PickledBytes, bool columnMajor, string data])
            throw Refused(start, "the state of an object that is no array of bytes");
        var sizes = shape.Select(size => checked((int)(long)size!)).ToArray();
        if (sizes.Any(size => size < 0) || sizes.Aggregate(1d, (product, size) => product * size) != data.Length)
            throw new InvalidDataException($"{name}: an array of {string.Join("×", sizes)} holds {data.Length} bytes. Fetch it again.");
        (array.Shape, array.ColumnMajor, array.Data) = (sizes, columnMajor, Encoding.Latin1.GetBytes(data));
    }

    void Set(object?[] items)
    {
        var dictionary = Top<Dictionary<string, object?>>();
        for (var i = 0; i < items.Length; i += 2)
            dictionary[(string)items[i]!] = items[i + 1];
    }

    T Top<T>() => (T)stack[^1]!;

    object? Pop() => Last(1)[0];

    object?[] ToMark() => Last(stack.Count - marks.Pop());

    object?[] Last(int count)
    {
        var items = stack.GetRange(stack.Count - count, count).ToArray();
        stack.RemoveRange(stack.Count - count, count);
        return items;
    }

    byte Byte() => Take(1)[0];

    ReadOnlySpan<byte> Take(int count)
    {
        if (count > bytes.Length - at)
            throw new InvalidDataException(
                $"{name}: ends after {bytes.Length} bytes in the middle of a value. It is cut short: fetch it again.");
        at += count;
        return bytes.AsSpan(at - count, count);
    }

    int Length(int size) =>
        checked((int)(size == 8 ? BinaryPrimitives.ReadUInt64LittleEndian(Take(8)) : BinaryPrimitives.ReadUInt32LittleEndian(Take(4))));

    string Latin(int count) => Encoding.Latin1.GetString(Take(count));

    string Line()
    {
        var end = Array.IndexOf(bytes, (byte)'\n', at);
        // Without an end one byte more than there is, so that it is refused as cut short.
        var line = Latin(end < 0 ? bytes.Length - at + 1 : end - at);
        at++;
        return line.TrimEnd('\r');
    }

    static long Integer(string line) => long.TryParse(line, out var number) ? number : throw new InvalidOperationException(line);

    InvalidDataException Refused(int start, string what) =>
        new($"{name}: holds {what} at byte {start}, plain dictionaries, lists, text, numbers and NumPy arrays of bytes are needed. It was "
            + "not executed; do not open this file with Python if you do not trust its source.");
}

/// <summary>A name of one of NumPy's own parts.</summary>
sealed record PickledName(string Name);

/// <summary>NumPy's type of unsigned bytes.</summary>
sealed record PickledBytes;

/// <summary>A NumPy array of unsigned bytes.</summary>
sealed class PickledArray
{
    public int[] Shape { get; set; } = [];
    public byte[] Data { get; set; } = [];
    public bool ColumnMajor { get; set; }
}
