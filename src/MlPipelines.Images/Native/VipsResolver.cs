using System.Runtime.CompilerServices;

namespace MlPipelines.Native;

static class VipsResolver
{
#pragma warning disable CA2255 // The resolver must stand before the first native call of any type of this library.
    [ModuleInitializer]
    internal static void Register() => NativeLibraries.Resolve(typeof(VipsResolver).Assembly);
#pragma warning restore CA2255
}
