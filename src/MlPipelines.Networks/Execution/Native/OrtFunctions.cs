using System.Runtime.InteropServices;

namespace MlPipelines.Native;

/// <summary>What Microsoft.ML.OnnxRuntime leaves out of ONNX Runtime's C API: the functions that custom operators are made of, and a
/// listener of a session's own.</summary>
/// <remarks>
/// Source: struct OrtApi of onnxruntime_c_api.h. It only ever grows at its end, so a position stays what it is;
/// the numbers below are positions.
/// </remarks>
sealed unsafe class OrtFunctions
{
    /// <summary>The oldest version that has all functions used here (KernelContext_ParallelFor is the youngest of them).</summary>
    internal const uint LeastVersion = 17;

    static readonly Lazy<OrtFunctions> Loaded = new(() => new OrtFunctions());

    OrtFunctions()
    {
        var getBase = (delegate* unmanaged<nint*>)OrtEnvironment.Current.Library.Entry;
        var t = ((delegate* unmanaged<uint, nint*>)getBase()[0])(LeastVersion);
        CreateStatus = (delegate* unmanaged<int, byte*, nint>)t[0];
        GetErrorCode = (delegate* unmanaged<nint, int>)t[1];
        GetErrorMessage = (delegate* unmanaged<nint, byte*>)t[2];
        CreateCustomOpDomain = (delegate* unmanaged<byte*, nint*, nint>)t[26];
        CustomOpDomainAdd = (delegate* unmanaged<nint, nint, nint>)t[27];
        AddCustomOpDomain = (delegate* unmanaged<nint, nint, nint>)t[28];
        GetTensorMutableData = (delegate* unmanaged<nint, void**, nint>)t[51];
        GetDimensionsCount = (delegate* unmanaged<nint, nuint*, nint>)t[61];
        GetDimensions = (delegate* unmanaged<nint, long*, nuint, nint>)t[62];
        GetTensorTypeAndShape = (delegate* unmanaged<nint, nint*, nint>)t[65];
        KernelInfoGetFloat = (delegate* unmanaged<nint, byte*, float*, nint>)t[85];
        KernelInfoGetInt = (delegate* unmanaged<nint, byte*, long*, nint>)t[86];
        KernelInfoGetString = (delegate* unmanaged<nint, byte*, byte*, nuint*, nint>)t[87];
        KernelContextGetInputCount = (delegate* unmanaged<nint, nuint*, nint>)t[88];
        KernelContextGetOutputCount = (delegate* unmanaged<nint, nuint*, nint>)t[89];
        KernelContextGetInput = (delegate* unmanaged<nint, nuint, nint*, nint>)t[90];
        KernelContextGetOutput = (delegate* unmanaged<nint, nuint, long*, nuint, nint*, nint>)t[91];
        ReleaseStatus = (delegate* unmanaged<nint, void>)t[93];
        ReleaseTensorTypeAndShapeInfo = (delegate* unmanaged<nint, void>)t[99];
        ReleaseCustomOpDomain = (delegate* unmanaged<nint, void>)t[101];
        KernelInfoGetFloats = (delegate* unmanaged<nint, byte*, float*, nuint*, nint>)t[162];
        KernelInfoGetInts = (delegate* unmanaged<nint, byte*, long*, nuint*, nint>)t[163];
        SetUserLoggingFunction =
            (delegate* unmanaged<nint, delegate* unmanaged<void*, int, byte*, byte*, byte*, byte*, void>, void*, nint>)t[266];
        KernelContextParallelFor = (delegate* unmanaged<nint, delegate* unmanaged<void*, nuint, void>, nuint, nuint, void*, nint>)t[274];
    }

    /// <summary>The functions of the library that Microsoft.ML.OnnxRuntime has loaded.</summary>
    /// <exception cref="NativeException">No ONNX Runtime is to be found.</exception>
    internal static OrtFunctions Current => Loaded.Value;

    internal readonly delegate* unmanaged<int, byte*, nint> CreateStatus;
    internal readonly delegate* unmanaged<nint, int> GetErrorCode;
    internal readonly delegate* unmanaged<nint, byte*> GetErrorMessage;
    internal readonly delegate* unmanaged<byte*, nint*, nint> CreateCustomOpDomain;
    internal readonly delegate* unmanaged<nint, nint, nint> CustomOpDomainAdd, AddCustomOpDomain;
    internal readonly delegate* unmanaged<nint, void**, nint> GetTensorMutableData;
    internal readonly delegate* unmanaged<nint, nuint*, nint> GetDimensionsCount;
    internal readonly delegate* unmanaged<nint, long*, nuint, nint> GetDimensions;
    internal readonly delegate* unmanaged<nint, nint*, nint> GetTensorTypeAndShape;
    internal readonly delegate* unmanaged<nint, byte*, float*, nint> KernelInfoGetFloat;
    internal readonly delegate* unmanaged<nint, byte*, long*, nint> KernelInfoGetInt;
    internal readonly delegate* unmanaged<nint, byte*, byte*, nuint*, nint> KernelInfoGetString;
    internal readonly delegate* unmanaged<nint, byte*, float*, nuint*, nint> KernelInfoGetFloats;
    internal readonly delegate* unmanaged<nint, byte*, long*, nuint*, nint> KernelInfoGetInts;
    internal readonly delegate* unmanaged<nint, nuint*, nint> KernelContextGetInputCount, KernelContextGetOutputCount;
    internal readonly delegate* unmanaged<nint, nuint, nint*, nint> KernelContextGetInput;
    internal readonly delegate* unmanaged<nint, nuint, long*, nuint, nint*, nint> KernelContextGetOutput;
    internal readonly delegate* unmanaged<
        nint, delegate* unmanaged<void*, nuint, void>, nuint, nuint, void*, nint> KernelContextParallelFor;
    internal readonly delegate* unmanaged<
        nint, delegate* unmanaged<void*, int, byte*, byte*, byte*, byte*, void>, void*, nint> SetUserLoggingFunction;
    internal readonly delegate* unmanaged<nint, void> ReleaseStatus, ReleaseTensorTypeAndShapeInfo, ReleaseCustomOpDomain;

    /// <summary>Throws what the status says, and releases it.</summary>
    /// <remarks>A status is null where all went well, and else ours to release.</remarks>
    internal void Check(nint status, string? where = null)
    {
        if (status != 0)
            throw Failure(status, where);
    }

    internal NativeException Failure(nint status, string? where)
    {
        var code = GetErrorCode(status);
        var text = Marshal.PtrToStringUTF8((nint)GetErrorMessage(status)) ?? "";
        ReleaseStatus(status);
        return new NativeException(where is null ? text : $"{where}: {text}", code);
    }
}
