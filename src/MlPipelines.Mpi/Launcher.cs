using System.Collections;
using System.Runtime.InteropServices;

namespace MlPipelines;

/// <summary>What has started this process: an MPI launcher, or none.</summary>
static partial class Launcher
{
    /// <summary>MPICH, Intel MPI and MVAPICH share one binary interface, and with it the number of their libraries.</summary>
    static readonly string[] libraries = ["libmpich.so.12", "libmpi.so.12", "libmpi.12.dylib", "msmpi.dll"];

    static readonly Lazy<nint> library = new(() => libraries
        .Select(name => NativeLibrary.TryLoad(name, out var handle) ? handle : 0).FirstOrDefault(handle => handle != 0));

    /// <summary>Whether this process is one of several.</summary>
    /// <param name="environment">Variables of this process.</param>
    /// <exception cref="PlatformNotSupportedException">A launcher has started it that its processes cannot speak with each other
    /// under.</exception>
    public static bool IsThere(IDictionary environment)
    {
        if (environment.Contains("OMPI_COMM_WORLD_SIZE"))
            throw new PlatformNotSupportedException("MPI: this process was started by Open MPI, whose binary interface is another. Install "
                + "MPICH (Debian: apt install mpich) and start it with mpirun.mpich, or with that of Intel MPI, MVAPICH or MS-MPI.");
        if (environment.Contains("PMI_SIZE") || environment.Contains("PMI_RANK") || environment.Contains("PMIX_RANK"))
            return true;
        return environment["SLURM_STEP_NUM_TASKS"] is string tasks && tasks != "1"
            ? throw new PlatformNotSupportedException($"MPI: srun has started {tasks} processes that know nothing of each other. Start "
                + "them with srun --mpi=pmi2.")
            : false;
    }

    /// <summary>Lets the calls of MPI find the library of this machine.</summary>
    /// <exception cref="PlatformNotSupportedException">There is none.</exception>
    public static void Load()
    {
        if (library.Value == 0)
            throw new PlatformNotSupportedException($"MPI: none of its libraries is found ({string.Join(", ", libraries)}). Install MPICH "
                + "(Debian: apt install mpich), or start one process alone.");
        if (!isResolved)
            NativeLibrary.SetDllImportResolver(typeof(MPI.Communicator).Assembly,
                (name, _, _) => name.StartsWith("msmpi", StringComparison.OrdinalIgnoreCase) ? library.Value : 0);
        isResolved = true;
        // UCX, over which MPICH speaks, ends a process that reads the memory of one that has just died. Its other ways report it.
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("UCX_TLS") is null)
            _ = SetVariable("UCX_TLS", "^cma", 0);
    }

    /// <summary>Keeps this process where its launcher tells of another one's death, as MPICH's does by a signal that would end
    /// it.</summary>
    public static IDisposable? Outlive() => OperatingSystem.IsLinux()
        ? PosixSignalRegistration.Create((PosixSignal)UserSignal, signal => signal.Cancel = true) : null;

    const int UserSignal = 10;

    // .NET's own call changes a copy that native code does not see.
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);

    static bool isResolved;
}
