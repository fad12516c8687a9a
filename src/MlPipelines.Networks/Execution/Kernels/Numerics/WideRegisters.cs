using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MlPipelines.Execution.Kernels;

/// <summary>The 32 registers of 512 bits (AVX-512) that some kernels are written for.</summary>
static class WideRegisters
{
    /// <summary>Whether there are registers of half that size at least (AVX2).</summary>
    public static bool AreHalfSupported => Vector256.IsHardwareAccelerated;

    /// <summary>Whether kernels take the widest registers that the processor has, as ONNX Runtime does. .NET leaves those of 512 bits alone
    /// on processors that slow down with them.</summary>
    public static bool AreTheWidest => AreSupported || AreHalfSupported && !Avx512F.IsSupported;

    public static bool AreSupported => Avx512F.IsSupported && Vector512.IsHardwareAccelerated;
}
