using System.Runtime.CompilerServices;
using Microsoft.ML.OnnxRuntime;

namespace MlPipelines.Tests.Native;

static class AnotherStartsTheRuntime
{
    /// <summary>As in programs in which a step of ML.NET's comes first: what sessions have to say has to reach its listener all the same.
    /// Left to chance, it was first in some orders of the tests and not in others.</summary>
    [ModuleInitializer]
    internal static void Start() => OrtEnv.Instance();
}
