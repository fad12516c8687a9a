using System.Runtime.CompilerServices;
using MlPipelines.Imaging;

namespace MlPipelines.Tests;

static class NoCacheByDefault
{
    /// <summary>Tests leave nothing in the user's folders.</summary>
    [ModuleInitializer]
    internal static void Set() => AppContext.SetData(PixelCache.FolderSetting, "");
}
