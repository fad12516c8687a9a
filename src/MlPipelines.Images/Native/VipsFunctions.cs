using System.Runtime.InteropServices;

namespace MlPipelines.Native;

/// <summary>The functions of libvips and of the GObject built into it that we call.</summary>
static unsafe partial class VipsFunctions
{
    const string Library = NativeLibraries.Vips;

    [LibraryImport(Library, EntryPoint = "vips_init", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Init(string program);

    [LibraryImport(Library, EntryPoint = "vips_version")]
    internal static partial int Version(int part);

    [LibraryImport(Library, EntryPoint = "vips_concurrency_set")]
    internal static partial void SetConcurrency(int threads);

    [LibraryImport(Library, EntryPoint = "vips_cache_set_max")]
    internal static partial void SetCacheMax(int operations);

    [LibraryImport(Library, EntryPoint = "vips_operation_block_set", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void BlockOperation(string type, int blocked);

    [LibraryImport(Library, EntryPoint = "vips_error_buffer_copy")]
    internal static partial byte* TakeErrors();

    [LibraryImport(Library, EntryPoint = "vips_error_clear")]
    internal static partial void ClearErrors();

    [LibraryImport(Library, EntryPoint = "vips_operation_new", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint NewOperation(string name);

    [LibraryImport(Library, EntryPoint = "vips_cache_operation_build")]
    internal static partial nint Build(nint operation);

    [LibraryImport(Library, EntryPoint = "vips_object_unref_outputs")]
    internal static partial void ReleaseOutputs(nint operation);

    [LibraryImport(Library, EntryPoint = "vips_image_get_type")]
    internal static partial nuint ImageType();

    [LibraryImport(Library, EntryPoint = "vips_blob_get_type")]
    internal static partial nuint BlobType();

    [LibraryImport(Library, EntryPoint = "vips_blob_new")]
    internal static partial nint NewBlob(nint free, void* bytes, nuint length);

    [LibraryImport(Library, EntryPoint = "vips_blob_get")]
    internal static partial byte* BlobBytes(nint blob, out nuint length);

    [LibraryImport(Library, EntryPoint = "vips_area_unref")]
    internal static partial void ReleaseArea(nint area);

    [LibraryImport(Library, EntryPoint = "vips_image_new_from_memory_copy")]
    internal static partial nint NewImage(void* bytes, nuint length, int width, int height, int bands, int format);

    [LibraryImport(Library, EntryPoint = "vips_image_get_width")]
    internal static partial int Width(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_height")]
    internal static partial int Height(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_bands")]
    internal static partial int Bands(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_format")]
    internal static partial int Format(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_interpretation")]
    internal static partial int Interpretation(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_typeof", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nuint TypeOfField(nint image, string field);

    [LibraryImport(Library, EntryPoint = "vips_image_get_int", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int GetInt(nint image, string field, out int value);

    [LibraryImport(Library, EntryPoint = "vips_region_new")]
    internal static partial nint NewRegion(nint image);

    [LibraryImport(Library, EntryPoint = "vips_region_fetch")]
    internal static partial byte* Fetch(nint region, int left, int top, int width, int height, out nuint length);

    [LibraryImport(Library, EntryPoint = "g_free")]
    internal static partial void Free(void* memory);

    [LibraryImport(Library, EntryPoint = "g_object_unref")]
    internal static partial void Release(nint instance);

    [LibraryImport(Library, EntryPoint = "g_object_set_property", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void SetProperty(nint instance, string property, GValue* value);

    [LibraryImport(Library, EntryPoint = "g_object_get_property", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void GetProperty(nint instance, string property, GValue* value);

    [LibraryImport(Library, EntryPoint = "g_value_init")]
    internal static partial void InitValue(GValue* value, nuint type);

    [LibraryImport(Library, EntryPoint = "g_value_unset")]
    internal static partial void UnsetValue(GValue* value);

    [LibraryImport(Library, EntryPoint = "g_value_set_int")]
    internal static partial void SetInt(GValue* value, int number);

    [LibraryImport(Library, EntryPoint = "g_value_set_boolean")]
    internal static partial void SetBoolean(GValue* value, int truth);

    [LibraryImport(Library, EntryPoint = "g_value_set_double")]
    internal static partial void SetDouble(GValue* value, double number);

    [LibraryImport(Library, EntryPoint = "g_value_set_string", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void SetString(GValue* value, string text);

    [LibraryImport(Library, EntryPoint = "g_value_set_object")]
    internal static partial void SetObject(GValue* value, nint instance);

    [LibraryImport(Library, EntryPoint = "g_value_dup_object")]
    internal static partial nint DuplicateObject(GValue* value);

    [LibraryImport(Library, EntryPoint = "g_value_set_boxed")]
    internal static partial void SetBoxed(GValue* value, nint boxed);

    [LibraryImport(Library, EntryPoint = "g_value_get_boxed")]
    internal static partial nint GetBoxed(GValue* value);

    [LibraryImport(Library, EntryPoint = "g_log_set_handler", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial uint SetLogHandler(string domain, int levels, delegate* unmanaged[Cdecl]<byte*, int, byte*, nint, void> handler, nint data);

    /// <summary>GLib's box for one value of a known type.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct GValue
    {
        internal nuint Type;
        internal ulong First;
        internal ulong Second;
    }
}
