using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;
using Unsafe = MPI.Unsafe;

namespace MlPipelines;

/// <summary>The processes that an MPI launcher has started, such as <c>mpirun -n 4</c>; a process that none has started is alone.</summary>
/// <remarks>
/// Give it to <see cref="ImageClassificationTrainer.Options.Communicator"/> and dispose of it at the end. MPICH, Intel MPI, MVAPICH and
/// MS-MPI will do; Open MPI has another binary interface. Beside MPI each process holds a connection to the first, over which they tell
/// each other that they are alive: a process that ends, or is cut off, ends the training of all with a
/// <see cref="CommunicationException"/>.
/// </remarks>
public sealed class MpiCommunicator : ICommunicator, IDisposable
{
    // Longer pauses only where others take long anyway, so that who waits leaves the cores to those who work.
    static readonly TimeSpan yielding = TimeSpan.FromMilliseconds(5);

    const int MostInPiece = 1 << 28;

    static bool isOpened;

    readonly RankWatch? watch;
    readonly IDisposable? outliving;
    float[] received = [];
    int calls;
    bool disposed;

    /// <summary>Told at once, on another thread, what has become of another process: in the first process whatever it is, in the others
    /// where it is the first that is gone. Launchers end those that are left within moments, often before the
    /// <see cref="CommunicationException"/> of a call that waits.</summary>
    public event Action<string>? Lost;

    MpiCommunicator()
    {
    }

    MpiCommunicator(MpiOptions options)
    {
        Launcher.Load();
        unsafe
        {
            var count = 0;
            byte** words = null;
            Check(Unsafe.MPI_Init_thread(ref count, ref words, Unsafe.MPI_THREAD_SERIALIZED, out _), "MPI_Init_thread");
        }
        Check(Unsafe.MPI_Errhandler_set(Unsafe.MPI_COMM_WORLD, Unsafe.MPI_ERRORS_RETURN), "MPI_Errhandler_set");
        Check(Unsafe.MPI_Comm_rank(Unsafe.MPI_COMM_WORLD, out var rank), "MPI_Comm_rank");
        Check(Unsafe.MPI_Comm_size(Unsafe.MPI_COMM_WORLD, out var size), "MPI_Comm_size");
        (Rank, Size) = (rank, size);
        if (size == 1)
            return;
        var places = AllGather(RankPlace.Here().ToBytes()).Select(RankPlace.Of).ToArray();
        Cores = RankPlace.CoresOf(places, rank);
        var meeting = RankWatch.Meet(places, rank, bytes => AllGather(bytes.Span));
        outliving = Launcher.Outlive();
        watch = new RankWatch(meeting, places, rank, options.Silence) { Tell = text => Lost?.Invoke(text) }.Start();
    }

    /// <summary>Meets the other processes.</summary>
    /// <param name="options">How; the usual where left out.</param>
    /// <remarks>Once in a process, as MPI starts once.</remarks>
    /// <exception cref="PlatformNotSupportedException">An MPI is needed and not there, or it is Open MPI.</exception>
    /// <exception cref="InvalidOperationException">It was opened before.</exception>
    /// <exception cref="CommunicationException">The others cannot be reached.</exception>
    public static MpiCommunicator Open(MpiOptions? options = null)
    {
        if (!Launcher.IsThere(Environment.GetEnvironmentVariables()))
            return new();
        if (isOpened)
            throw new InvalidOperationException("MpiCommunicator: was opened before in this process, and MPI starts only once. Hand the "
                + "first one on.");
        isOpened = true;
        return new(options ?? new());
    }

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int Size { get; } = 1;

    /// <inheritdoc/>
    public int Cores { get; } = Environment.ProcessorCount;

    /// <summary>Whether a process is gone or gave up, so that nothing more can be done together.</summary>
    public bool IsBroken => watch?.Failure is not null;

    /// <inheritdoc/>
    // Each process sums one part of the numbers, in the order of the ranks, and gives it to all: what any MPI library would do with twice
    // the traffic of the numbers, but to the same bits everywhere.
    public void AllReduce(Span<float> numbers)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (Size == 1)
            return;
        var (from, to) = PartOf(numbers.Length, Rank);
        var part = to - from;
        if (received.Length < Size * part)
            received = GC.AllocateUninitializedArray<float>(Size * part, pinned: true);
        var parts = received.AsSpan(0, Size * part);
        numbers[from..to].CopyTo(parts[(Rank * part)..]);
        var wait = new Waiting(this);
        unsafe
        {
            fixed (float* all = numbers)
            {
                var bytes = MemoryMarshal.AsBytes(numbers);
                foreach (var rank in Others)
                {
                    wait.Receive(MemoryMarshal.AsBytes(parts.Slice(rank * part, part)), rank);
                    wait.Send(PartOf(bytes, rank), rank);
                }
                wait.ForAll();
                Sum(parts, numbers[from..to]);
                foreach (var rank in Others)
                {
                    wait.Receive(PartOf(bytes, rank), rank);
                    wait.Send(PartOf(bytes, Rank), rank);
                }
                wait.ForAll();
            }
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<byte[]> AllGather(ReadOnlySpan<byte> bytes)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (Size == 1)
            return [bytes.ToArray()];
        const int head = 256, length = sizeof(long);
        // What is short travels with its length.
        var heads = Enumerable.Range(0, Size).Select(_ => Pinned(length + head)).ToArray();
        MemoryMarshal.Write(heads[Rank], (long)bytes.Length);
        bytes[..Math.Min(bytes.Length, head)].CopyTo(heads[Rank].AsSpan(length));
        var wait = new Waiting(this);
        foreach (var rank in Others)
        {
            wait.Receive(heads[rank], rank);
            wait.Send(heads[Rank], rank);
        }
        wait.ForAll();
        var all = heads.Select(one => Pinned(MemoryMarshal.Read<long>(one))).ToArray();
        bytes.CopyTo(all[Rank]);
        foreach (var rank in Others)
            heads[rank].AsSpan(length, Math.Min(head, all[rank].Length)).CopyTo(all[rank]);
        for (long start = head; start < all.Max(one => one.LongLength); start += MostInPiece)
        {
            foreach (var rank in Others)
            {
                wait.Receive(Piece(all[rank], start), rank);
                wait.Send(Piece(all[Rank], start), rank);
            }
            wait.ForAll();
        }
        return all;
    }

    /// <inheritdoc/>
    public void Abandon(string reason) => watch?.Abandon(reason);

    /// <summary>Takes leave of the other processes, once all do so.</summary>
    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        var isWhole = watch?.Leave(calls) == true;
        watch?.Dispose();
        outliving?.Dispose();
        // MPI cannot end in order where a process is missing.
        if (isWhole)
            Check(Unsafe.MPI_Finalize(), "MPI_Finalize");
    }

    IEnumerable<int> Others => Enumerable.Range(0, Size).Where(rank => rank != Rank);

    (int From, int To) PartOf(int count, int rank) => ((int)((long)count * rank / Size), (int)((long)count * (rank + 1) / Size));

    // Of numbers as bytes.
    Span<byte> PartOf(Span<byte> bytes, int rank)
    {
        var (from, to) = PartOf(bytes.Length / sizeof(float), rank);
        return bytes[(from * sizeof(float))..(to * sizeof(float))];
    }

    static byte[] Pinned(long length) => GC.AllocateUninitializedArray<byte>(checked((int)length), pinned: true);

    static Span<byte> Piece(byte[] bytes, long start) =>
        start >= bytes.LongLength ? [] : bytes.AsSpan((int)start, (int)Math.Min(MostInPiece, bytes.LongLength - start));

    static void Sum(ReadOnlySpan<float> parts, Span<float> sums)
    {
        var length = sums.Length;
        parts[..length].CopyTo(sums);
        for (parts = parts[length..]; parts.Length > 0 && length > 0; parts = parts[length..])
        {
            var to = MemoryMarshal.Cast<float, Vector<float>>(sums);
            var from = MemoryMarshal.Cast<float, Vector<float>>(parts[..length]);
            for (var i = 0; i < to.Length; i++)
                to[i] += from[i];
            for (var i = to.Length * Vector<float>.Count; i < length; i++)
                sums[i] += parts[i];
        }
    }

    static void Check(int code, string call)
    {
        if (code == Unsafe.MPI_SUCCESS)
            return;
        var text = new byte[Unsafe.MPI_MAX_ERROR_STRING];
        var length = text.Length;
        _ = Unsafe.MPI_Error_string(code, text, ref length);
        throw new CommunicationException($"{call}: {System.Text.Encoding.UTF8.GetString(text, 0, length).ReplaceLineEndings(" ").Trim()}");
    }

    /// <summary>Messages under way.</summary>
    sealed class Waiting(MpiCommunicator communicator)
    {
        readonly List<int> requests = [];
        const int Tags = 30_000;

        readonly int call = communicator.calls++;

        // What is sent and received stays in its place: callers have pinned it.
        public unsafe void Receive(Span<byte> bytes, int from)
        {
            if (bytes.IsEmpty)
                return;
            fixed (byte* start = bytes)
                Check(Unsafe.MPI_Irecv((nint)start, bytes.Length, Unsafe.MPI_BYTE, from, Tag, Unsafe.MPI_COMM_WORLD, out var request),
                    "MPI_Irecv", request);
        }

        public unsafe void Send(Span<byte> bytes, int to)
        {
            if (bytes.IsEmpty)
                return;
            fixed (byte* start = bytes)
                Check(Unsafe.MPI_Isend((nint)start, bytes.Length, Unsafe.MPI_BYTE, to, Tag, Unsafe.MPI_COMM_WORLD, out var request),
                    "MPI_Isend", request);
        }

        int Tag => call % Tags;

        void Check(int code, string call, int request)
        {
            MpiCommunicator.Check(code, call);
            requests.Add(request);
        }

        public void ForAll()
        {
            var clock = Stopwatch.StartNew();
            while (requests.Count > 0)
            {
                requests.RemoveAll(IsDone);
                if (requests.Count == 0)
                    break;
                communicator.watch?.ThrowIfMissing(call);
                if (clock.Elapsed < yielding)
                    Thread.Yield();
                else
                    Thread.Sleep(1);
            }
        }

        static bool IsDone(int request)
        {
            MpiCommunicator.Check(Unsafe.MPI_Test(ref request, out var isDone, out _), "MPI_Test");
            return isDone != 0;
        }
    }
}
