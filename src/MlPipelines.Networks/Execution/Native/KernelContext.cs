using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MlPipelines.Native;

/// <summary>Sizes of the axes of a kernel's input.</summary>
struct Extents
{
    internal const int MostAxes = 8;
    Sizes sizes;

    internal int Rank { get; set; }

    internal readonly long Length
    {
        get
        {
            var length = 1L;
            for (var i = 0; i < Rank; i++)
                length *= sizes[i];
            return length;
        }
    }

    internal readonly int this[int axis] => checked((int)sizes[axis < 0 ? axis + Rank : axis]);

    [UnscopedRef]
    internal readonly ReadOnlySpan<long> AsSpan() => ((ReadOnlySpan<long>)sizes)[..Rank];

    [UnscopedRef]
    internal ref long First() => ref sizes[0];

    [InlineArray(MostAxes)]
    struct Sizes
    {
        long first;
    }
}

/// <summary>Work that <see cref="KernelContext.ParallelFor{TBody}"/> spreads over threads:
/// a struct that holds pointers and sizes.</summary>
interface IParallelBody
{
    void Run(int index);
}

/// <summary>What a kernel reads and writes during one call. Pointers and spans are valid during the call only.</summary>
readonly unsafe ref struct KernelContext
{
    readonly nint context;
    readonly OrtFunctions api;

    internal KernelContext(nint context) => (this.context, api) = (context, OrtFunctions.Current);

    internal int InputCount
    {
        get
        {
            nuint count;
            api.Check(api.KernelContextGetInputCount(context, &count));
            return (int)count;
        }
    }

    /// <summary>Whether the node has the optional input.</summary>
    internal bool Has(int input) => input < InputCount && Value(input) != 0;

    internal Extents Shape(int input)
    {
        nint info;
        api.Check(api.GetTensorTypeAndShape(Value(input), &info));
        try
        {
            nuint rank;
            api.Check(api.GetDimensionsCount(info, &rank));
            if (rank > Extents.MostAxes)
                throw new NotSupportedException($"input {input}: got {rank} axes, needs at most {Extents.MostAxes}.");
            var extents = new Extents { Rank = (int)rank };
            fixed (long* sizes = &extents.First())
                api.Check(api.GetDimensions(info, sizes, rank));
            return extents;
        }
        finally
        {
            api.ReleaseTensorTypeAndShapeInfo(info);
        }
    }

    /// <summary>The elements of an input, whose type the operator has declared.</summary>
    internal T* Input<T>(int input) where T : unmanaged => (T*)Data(Value(input));

    internal ReadOnlySpan<T> InputSpan<T>(int input) where T : unmanaged => new(Input<T>(input), checked((int)Shape(input).Length));

    /// <summary>Makes an output of that shape and gives its elements, not yet set; null where the node does not use the output.</summary>
    internal T* Output<T>(int output, params ReadOnlySpan<long> shape) where T : unmanaged
    {
        nint value;
        fixed (long* sizes = shape)
        {
            var none = 0L;
            api.Check(api.KernelContextGetOutput(context, (nuint)output, shape.IsEmpty ? &none : sizes, (nuint)shape.Length, &value));
        }
        return value == 0 ? null : (T*)Data(value);
    }

    internal Span<T> OutputSpan<T>(int output, params ReadOnlySpan<long> shape) where T : unmanaged
    {
        var length = 1L;
        foreach (var size in shape)
            length *= size;
        var data = Output<T>(output, shape);
        return data is null ? [] : new(data, checked((int)length));
    }

    /// <summary>Calls the body for each index below <paramref name="total"/> on the session's threads, this one among them;
    /// returns when all are done.</summary>
    /// <remarks>Allocates nothing. The first exception is thrown here, after the other calls have ended.</remarks>
    internal void ParallelFor<TBody>(int total, in TBody body) where TBody : unmanaged, IParallelBody
    {
        var copy = body;
        ParallelCall.Run(api, context, total, &copy);
    }

    /// <summary>The same loop for lambdas, to be called during this kernel call.</summary>
    internal Action<int, Action<int>> Parallel()
    {
        var caller = context;
        return (total, body) =>
        {
            // A body goes through native code as bytes, and its lambda as a handle in them.
            var handle = GCHandle.Alloc(body);
            try
            {
                new KernelContext(caller).ParallelFor(total, new KernelLambda(GCHandle.ToIntPtr(handle)));
            }
            finally
            {
                handle.Free();
            }
        };
    }

    internal ReadOnlyMemory<T> InputMemory<T>(int input)
        where T : unmanaged => new KernelMemory<T>(Input<T>(input), checked((int)Shape(input).Length)).Memory;

    /// <summary>As <see cref="OutputSpan{T}"/>; empty where the node does not use the output.</summary>
    internal Memory<T> OutputMemory<T>(int output, params ReadOnlySpan<long> shape) where T : unmanaged
    {
        var length = 1L;
        foreach (var size in shape)
            length *= size;
        var data = Output<T>(output, shape);
        return data is null ? default : new KernelMemory<T>(data, checked((int)length)).Memory;
    }

    nint Value(int input)
    {
        nint value;
        api.Check(api.KernelContextGetInput(context, (nuint)input, &value));
        return value;
    }

    void* Data(nint value)
    {
        void* data;
        api.Check(api.GetTensorMutableData(value, &data));
        return data;
    }
}
