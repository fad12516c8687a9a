namespace MlPipelines;

/// <summary>Names of archive entries as paths that stay within the archive.</summary>
static class ArchiveName
{
    /// <summary>The name with '/' between its parts and without empty ones; and, where it is no path within the archive, why not. Only the
    /// folder that all lies in may have none.</summary>
    public static (string Name, string? Problem) Of(string name, bool isFolder = false)
    {
        // Either separator on every system: what is a name here may be a path there.
        var parts = name.Split('/', '\\');
        return isFolder && parts.All(part => part is "" or ".") && name is not ['/' or '\\', ..] ? ("", null)
            : (string.Join('/', parts.Where(part => part is not ("" or "."))), Problem(name, parts));
    }

    static string? Problem(string name, string[] parts) =>
        parts.All(part => part is "" or ".") ? "has no name"
        : name.Contains('\0') ? "its name holds a zero byte"
        : name.Contains('\uFFFD') ? "its name is no valid UTF-8"
        : name[0] is '/' or '\\' || name.Length > 1 && name[1] == ':' && char.IsAsciiLetter(name[0]) ? "its name is an absolute path"
        : parts.Contains("..") ? "its name leads out of the archive"
        : null;
}
