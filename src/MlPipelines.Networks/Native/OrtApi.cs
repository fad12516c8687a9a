namespace MlPipelines.Native;

/// <summary>The functions of ONNX Runtime's C API that this library calls.</summary>
/// <remarks>Source: struct OrtApi of onnxruntime_c_api.h. It only ever grows at its end, so a position stays what it is; the numbers below are positions.</remarks>
sealed unsafe class OrtApi
{
    /// <summary>The oldest version that has all functions used here (KernelContext_ParallelFor is the youngest of them).</summary>
    internal const uint LeastVersion = 17;

    static readonly Lazy<OrtApi> Loaded = new(() => new OrtApi());

    OrtApi()
    {
        var getBase = (delegate* unmanaged<nint*>)System.Runtime.InteropServices.NativeLibrary.GetExport(NativeLibraries.HandleOf(NativeLibraries.OnnxRuntime), "OrtGetApiBase");
        var entry = getBase();
        Version = Utf8.Text(((delegate* unmanaged<byte*>)entry[1])());
        Table = (nint)((delegate* unmanaged<uint, nint*>)entry[0])(LeastVersion);
        if (Table == 0)
            throw new NativeException($"{NativeLibraries.PathOf(NativeLibraries.OnnxRuntime)}: this is ONNX Runtime {Version}, needs 1.{LeastVersion} or newer. Remove the older one, or set {NativeLibraries.Variable} to the folder of a newer.");
        var t = (nint*)Table;
        CreateStatus = (delegate* unmanaged<int, byte*, nint>)t[0];
        GetErrorCode = (delegate* unmanaged<nint, int>)t[1];
        GetErrorMessage = (delegate* unmanaged<nint, byte*>)t[2];
        CreateEnvWithCustomLogger = (delegate* unmanaged<delegate* unmanaged<nint, int, byte*, byte*, byte*, byte*, void>, nint, int, byte*, nint*, nint>)t[4];
        DisableTelemetryEvents = (delegate* unmanaged<nint, nint>)t[6];
        CreateSession = (delegate* unmanaged<nint, void*, nint, nint*, nint>)t[7];
        CreateSessionFromArray = (delegate* unmanaged<nint, byte*, nuint, nint, nint*, nint>)t[8];
        Run = (delegate* unmanaged<nint, nint, nint*, nint*, nuint, nint*, nuint, nint*, nint>)t[9];
        CreateSessionOptions = (delegate* unmanaged<nint*, nint>)t[10];
        EnableProfiling = (delegate* unmanaged<nint, void*, nint>)t[14];
        DisableMemPattern = (delegate* unmanaged<nint, nint>)t[17];
        SetSessionGraphOptimizationLevel = (delegate* unmanaged<nint, int, nint>)t[23];
        SetIntraOpNumThreads = (delegate* unmanaged<nint, int, nint>)t[24];
        CreateCustomOpDomain = (delegate* unmanaged<byte*, nint*, nint>)t[26];
        CustomOpDomainAdd = (delegate* unmanaged<nint, nint, nint>)t[27];
        AddCustomOpDomain = (delegate* unmanaged<nint, nint, nint>)t[28];
        SessionGetInputCount = (delegate* unmanaged<nint, nuint*, nint>)t[30];
        SessionGetOutputCount = (delegate* unmanaged<nint, nuint*, nint>)t[31];
        SessionGetInputTypeInfo = (delegate* unmanaged<nint, nuint, nint*, nint>)t[33];
        SessionGetOutputTypeInfo = (delegate* unmanaged<nint, nuint, nint*, nint>)t[34];
        SessionGetInputName = (delegate* unmanaged<nint, nuint, nint, byte**, nint>)t[36];
        SessionGetOutputName = (delegate* unmanaged<nint, nuint, nint, byte**, nint>)t[37];
        CreateRunOptions = (delegate* unmanaged<nint*, nint>)t[39];
        RunOptionsSetTerminate = (delegate* unmanaged<nint, nint>)t[46];
        CreateTensorWithData = (delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint>)t[49];
        GetTensorMutableData = (delegate* unmanaged<nint, void**, nint>)t[51];
        CastTypeInfoToTensorInfo = (delegate* unmanaged<nint, nint*, nint>)t[55];
        GetTensorElementType = (delegate* unmanaged<nint, int*, nint>)t[60];
        GetDimensionsCount = (delegate* unmanaged<nint, nuint*, nint>)t[61];
        GetDimensions = (delegate* unmanaged<nint, long*, nuint, nint>)t[62];
        GetTensorTypeAndShape = (delegate* unmanaged<nint, nint*, nint>)t[65];
        CreateCpuMemoryInfo = (delegate* unmanaged<int, int, nint*, nint>)t[69];
        AllocatorFree = (delegate* unmanaged<nint, void*, nint>)t[76];
        GetAllocatorWithDefaultOptions = (delegate* unmanaged<nint*, nint>)t[78];
        KernelInfoGetFloat = (delegate* unmanaged<nint, byte*, float*, nint>)t[85];
        KernelInfoGetInt = (delegate* unmanaged<nint, byte*, long*, nint>)t[86];
        KernelInfoGetString = (delegate* unmanaged<nint, byte*, byte*, nuint*, nint>)t[87];
        KernelContextGetInputCount = (delegate* unmanaged<nint, nuint*, nint>)t[88];
        KernelContextGetOutputCount = (delegate* unmanaged<nint, nuint*, nint>)t[89];
        KernelContextGetInput = (delegate* unmanaged<nint, nuint, nint*, nint>)t[90];
        KernelContextGetOutput = (delegate* unmanaged<nint, nuint, long*, nuint, nint*, nint>)t[91];
        ReleaseStatus = (delegate* unmanaged<nint, void>)t[93];
        ReleaseSession = (delegate* unmanaged<nint, void>)t[95];
        ReleaseValue = (delegate* unmanaged<nint, void>)t[96];
        ReleaseRunOptions = (delegate* unmanaged<nint, void>)t[97];
        ReleaseTypeInfo = (delegate* unmanaged<nint, void>)t[98];
        ReleaseTensorTypeAndShapeInfo = (delegate* unmanaged<nint, void>)t[99];
        ReleaseSessionOptions = (delegate* unmanaged<nint, void>)t[100];
        ReleaseCustomOpDomain = (delegate* unmanaged<nint, void>)t[101];
        SessionGetModelMetadata = (delegate* unmanaged<nint, nint*, nint>)t[111];
        ModelMetadataLookup = (delegate* unmanaged<nint, nint, byte*, byte**, nint>)t[116];
        ReleaseModelMetadata = (delegate* unmanaged<nint, void>)t[118];
        ModelMetadataGetKeys = (delegate* unmanaged<nint, nint, byte***, long*, nint>)t[123];
        GetAvailableProviders = (delegate* unmanaged<byte***, int*, nint>)t[125];
        ReleaseAvailableProviders = (delegate* unmanaged<byte**, int, nint>)t[126];
        AddSessionConfigEntry = (delegate* unmanaged<nint, byte*, byte*, nint>)t[130];
        RunWithBinding = (delegate* unmanaged<nint, nint, nint, nint>)t[133];
        CreateIoBinding = (delegate* unmanaged<nint, nint*, nint>)t[134];
        ReleaseIoBinding = (delegate* unmanaged<nint, void>)t[135];
        BindInput = (delegate* unmanaged<nint, byte*, nint, nint>)t[136];
        BindOutput = (delegate* unmanaged<nint, byte*, nint, nint>)t[137];
        KernelInfoGetFloats = (delegate* unmanaged<nint, byte*, float*, nuint*, nint>)t[162];
        KernelInfoGetInts = (delegate* unmanaged<nint, byte*, long*, nuint*, nint>)t[163];
        AppendCuda = (delegate* unmanaged<nint, nint, nint>)t[204];
        CreateCudaOptions = (delegate* unmanaged<nint*, nint>)t[205];
        UpdateCudaOptions = (delegate* unmanaged<nint, byte**, byte**, nuint, nint>)t[206];
        ReleaseCudaOptions = (delegate* unmanaged<nint, void>)t[208];
        AppendProvider = (delegate* unmanaged<nint, byte*, byte**, byte**, nuint, nint>)t[216];
        KernelContextParallelFor = (delegate* unmanaged<nint, delegate* unmanaged<void*, nuint, void>, nuint, nuint, void*, nint>)t[274];
    }

    /// <summary>The functions of the library found.</summary>
    /// <exception cref="NativeException">No ONNX Runtime is to be found, or it is too old.</exception>
    internal static OrtApi Current => Loaded.Value;

    internal string Version { get; }
    internal nint Table { get; }

    internal readonly delegate* unmanaged<int, byte*, nint> CreateStatus;
    internal readonly delegate* unmanaged<nint, int> GetErrorCode;
    internal readonly delegate* unmanaged<nint, byte*> GetErrorMessage;
    internal readonly delegate* unmanaged<delegate* unmanaged<nint, int, byte*, byte*, byte*, byte*, void>, nint, int, byte*, nint*, nint> CreateEnvWithCustomLogger;
    internal readonly delegate* unmanaged<nint, nint> DisableTelemetryEvents;
    internal readonly delegate* unmanaged<nint, void*, nint, nint*, nint> CreateSession;
    internal readonly delegate* unmanaged<nint, byte*, nuint, nint, nint*, nint> CreateSessionFromArray;
    internal readonly delegate* unmanaged<nint, nint, nint*, nint*, nuint, nint*, nuint, nint*, nint> Run;
    internal readonly delegate* unmanaged<nint*, nint> CreateSessionOptions;
    internal readonly delegate* unmanaged<nint, void*, nint> EnableProfiling;
    internal readonly delegate* unmanaged<nint, nint> DisableMemPattern;
    internal readonly delegate* unmanaged<nint, int, nint> SetSessionGraphOptimizationLevel, SetIntraOpNumThreads;
    internal readonly delegate* unmanaged<byte*, nint*, nint> CreateCustomOpDomain;
    internal readonly delegate* unmanaged<nint, nint, nint> CustomOpDomainAdd, AddCustomOpDomain;
    internal readonly delegate* unmanaged<nint, nuint*, nint> SessionGetInputCount, SessionGetOutputCount;
    internal readonly delegate* unmanaged<nint, nuint, nint*, nint> SessionGetInputTypeInfo, SessionGetOutputTypeInfo;
    internal readonly delegate* unmanaged<nint, nuint, nint, byte**, nint> SessionGetInputName, SessionGetOutputName;
    internal readonly delegate* unmanaged<nint*, nint> CreateRunOptions;
    internal readonly delegate* unmanaged<nint, nint> RunOptionsSetTerminate;
    internal readonly delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint> CreateTensorWithData;
    internal readonly delegate* unmanaged<nint, void**, nint> GetTensorMutableData;
    internal readonly delegate* unmanaged<nint, nint*, nint> CastTypeInfoToTensorInfo;
    internal readonly delegate* unmanaged<nint, int*, nint> GetTensorElementType;
    internal readonly delegate* unmanaged<nint, nuint*, nint> GetDimensionsCount;
    internal readonly delegate* unmanaged<nint, long*, nuint, nint> GetDimensions;
    internal readonly delegate* unmanaged<nint, nint*, nint> GetTensorTypeAndShape;
    internal readonly delegate* unmanaged<int, int, nint*, nint> CreateCpuMemoryInfo;
    internal readonly delegate* unmanaged<nint, void*, nint> AllocatorFree;
    internal readonly delegate* unmanaged<nint*, nint> GetAllocatorWithDefaultOptions;
    internal readonly delegate* unmanaged<nint, byte*, float*, nint> KernelInfoGetFloat;
    internal readonly delegate* unmanaged<nint, byte*, long*, nint> KernelInfoGetInt;
    internal readonly delegate* unmanaged<nint, byte*, byte*, nuint*, nint> KernelInfoGetString;
    internal readonly delegate* unmanaged<nint, nuint*, nint> KernelContextGetInputCount, KernelContextGetOutputCount;
    internal readonly delegate* unmanaged<nint, nuint, nint*, nint> KernelContextGetInput;
    internal readonly delegate* unmanaged<nint, nuint, long*, nuint, nint*, nint> KernelContextGetOutput;
    internal readonly delegate* unmanaged<nint, void> ReleaseStatus, ReleaseSession, ReleaseValue, ReleaseRunOptions, ReleaseTypeInfo;
    internal readonly delegate* unmanaged<nint, void> ReleaseTensorTypeAndShapeInfo, ReleaseSessionOptions, ReleaseCustomOpDomain, ReleaseModelMetadata, ReleaseIoBinding, ReleaseCudaOptions;
    internal readonly delegate* unmanaged<nint, nint*, nint> SessionGetModelMetadata;
    internal readonly delegate* unmanaged<nint, nint, byte*, byte**, nint> ModelMetadataLookup;
    internal readonly delegate* unmanaged<nint, nint, byte***, long*, nint> ModelMetadataGetKeys;
    internal readonly delegate* unmanaged<byte***, int*, nint> GetAvailableProviders;
    internal readonly delegate* unmanaged<byte**, int, nint> ReleaseAvailableProviders;
    internal readonly delegate* unmanaged<nint, byte*, byte*, nint> AddSessionConfigEntry;
    internal readonly delegate* unmanaged<nint, nint, nint, nint> RunWithBinding;
    internal readonly delegate* unmanaged<nint, nint*, nint> CreateIoBinding;
    internal readonly delegate* unmanaged<nint, byte*, nint, nint> BindInput, BindOutput;
    internal readonly delegate* unmanaged<nint, byte*, float*, nuint*, nint> KernelInfoGetFloats;
    internal readonly delegate* unmanaged<nint, byte*, long*, nuint*, nint> KernelInfoGetInts;
    internal readonly delegate* unmanaged<nint, nint, nint> AppendCuda;
    internal readonly delegate* unmanaged<nint*, nint> CreateCudaOptions;
    internal readonly delegate* unmanaged<nint, byte**, byte**, nuint, nint> UpdateCudaOptions;
    internal readonly delegate* unmanaged<nint, byte*, byte**, byte**, nuint, nint> AppendProvider;
    internal readonly delegate* unmanaged<nint, delegate* unmanaged<void*, nuint, void>, nuint, nuint, void*, nint> KernelContextParallelFor;

    /// <summary>Throws what the status says, and releases it.</summary>
    internal void Check(nint status, string? where = null)
    {
        if (status != 0)
            throw Failure(status, where);
    }

    internal NativeException Failure(nint status, string? where)
    {
        var code = GetErrorCode(status);
        var text = Utf8.Text(GetErrorMessage(status));
        ReleaseStatus(status);
        return new NativeException(where is null ? text : $"{where}: {text}", code);
    }
}
