using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MlPipelines;

/// <summary>Notices when a process is gone: each holds a connection to the first, over which both sides give a sign of life every
/// second. A call of MPI that waits for such a process would wait for ever.</summary>
sealed class RankWatch : IDisposable
{
    static readonly TimeSpan beat = TimeSpan.FromSeconds(1);

    const string GoOn = "The training ends here; started again it goes on from its last checkpoint, on the command line with --resume.";

    const string Alive = "alive", Left = "left", Failed = "failed";

    readonly RankPlace[] places;
    readonly int own;
    readonly Dictionary<int, Connection> connections;
    readonly CancellationTokenSource ending = new();
    readonly object gate = new();
    // Calls that a process has made together with the others until it took leave.
    readonly int[] left;
    bool isLeaving, isFailing;
    string? failure;

    /// <param name="meeting">The connections.</param>
    /// <param name="places">Where each process runs.</param>
    /// <param name="own">Number of this one.</param>
    /// <param name="silence">How long a process may be silent.</param>
    public RankWatch(Dictionary<int, Socket> meeting, RankPlace[] places, int own, TimeSpan silence)
    {
        (this.places, this.own, left) = (places, own, [.. places.Select(_ => int.MaxValue)]);
        connections = meeting.ToDictionary(pair => pair.Key, pair => new Connection(pair.Value, silence));
    }

    /// <summary>Begins to listen and to give signs of life.</summary>
    public RankWatch Start()
    {
        foreach (var (rank, connection) in connections)
            new Thread(() => Listen(rank, connection)) { IsBackground = true, Name = $"rank {rank}" }.Start();
        new Thread(Beat) { IsBackground = true, Name = "signs of life" }.Start();
        return this;
    }

    /// <summary>Told of the first failure, on the thread that finds it.</summary>
    public required Action<string> Tell { get; init; }

    /// <summary>What became of another process; null while all are there.</summary>
    public string? Failure => Volatile.Read(ref failure);

    /// <summary>Whether all can still come to a call.</summary>
    /// <param name="call">Number of the call, from 0.</param>
    /// <exception cref="CommunicationException">A process is gone, gave up, or took leave before.</exception>
    public void ThrowIfMissing(int call)
    {
        int missing;
        lock (gate)
            missing = Array.FindIndex(left, calls => calls <= call);
        if (missing >= 0)
            Fail($"{places[missing].Name(missing)} has taken leave, and others still wait for it");
        if (Failure is { } text)
            throw new CommunicationException(text);
    }

    /// <summary>Takes leave, and waits until all have.</summary>
    /// <param name="calls">Calls that this process has made together with the others.</param>
    /// <returns>Whether all took leave; false where one is gone.</returns>
    public bool Leave(int calls)
    {
        lock (gate)
            isLeaving = true;
        Note(own, calls);
        lock (gate)
            while (Failure is null && left.Contains(int.MaxValue))
                Monitor.Wait(gate);
        return Failure is null;
    }

    // The first hands on what each of the others says to it, and before it knows itself: once all have left it ends the connections.
    void Note(int rank, int calls)
    {
        if (rank == own || own == 0)
            foreach (var connection in connections.Values)
                connection.TryWrite(string.Create(CultureInfo.InvariantCulture, $"{Left} {rank} {calls}"));
        lock (gate)
        {
            left[rank] = calls;
            Monitor.PulseAll(gate);
        }
    }

    bool HaveAllLeft()
    {
        lock (gate)
            return !left.Contains(int.MaxValue);
    }

    // Whoever takes leave keeps its connection, and gives signs of life, until it knows that all have. The first hands on what makes the
    // others know before it does.
    bool MayEnd(int rank)
    {
        lock (gate)
            return own == 0 ? isLeaving && left[rank] != int.MaxValue : HaveAllLeft();
    }

    /// <summary>Tells all that this process gives up.</summary>
    public void Abandon(string reason) => Fail($"{places[own].Name(own)} gave up: {reason}", isTold: false);

    /// <summary>Connects every process with the first.</summary>
    /// <param name="places">Where each process runs.</param>
    /// <param name="own">Number of this one.</param>
    /// <param name="gather">What each process gives.</param>
    /// <exception cref="CommunicationException">The first cannot be reached.</exception>
    public static Dictionary<int, Socket> Meet(RankPlace[] places, int own, Func<ReadOnlyMemory<byte>, IReadOnlyList<byte[]>> gather)
    {
        var isOneMachine = places.All(place => place.IsBeside(places[0]));
        if (own != 0)
        {
            var door = JsonSerializer.Deserialize<Door>(gather(default)[0])!;
            return new() { [0] = Connected(places[0], isOneMachine || places[own].IsBeside(places[0]), door, own) };
        }
        // From outside the machine only where a process is outside.
        using var listener = isOneMachine ? new TcpListener(IPAddress.Loopback, 0) : TcpListener.Create(0);
        listener.Start(places.Length);
        var key = RandomNumberGenerator.GetHexString(32);
        gather(JsonSerializer.SerializeToUtf8Bytes(new Door(((IPEndPoint)listener.LocalEndpoint).Port, key)));
        return Accepted(listener, places, key);
    }

    sealed record Door(int Port, string Key);

    // Who connects and says nothing holds up the others for a moment only.
    const int MeetingSeconds = 30, GreetingSeconds = 2;

    static Dictionary<int, Socket> Accepted(TcpListener listener, RankPlace[] places, string key)
    {
        var found = new Dictionary<int, Socket>();
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(MeetingSeconds));
        while (found.Count < places.Length - 1)
            try
            {
                var socket = listener.AcceptSocketAsync(late.Token).AsTask().GetAwaiter().GetResult();
                socket.ReceiveTimeout = GreetingSeconds * 1000;
                if (Greeting(socket, key) is { } rank && rank > 0 && rank < places.Length && found.TryAdd(rank, socket))
                    continue;
                socket.Dispose();
            }
            catch (OperationCanceledException exception)
            {
                var missing = Enumerable.Range(1, places.Length - 1).Where(rank => !found.ContainsKey(rank))
                    .Select(rank => places[rank].Name(rank));
                throw new CommunicationException($"MPI: {string.Join(", ", missing)} did not connect to rank 0 on {places[0].Host} in "
                    + $"{MeetingSeconds} seconds. Let the machines' firewall pass it.", exception);
            }
        return found;
    }

    // The number of a process that knows the key; null for anybody else.
    static int? Greeting(Socket socket, string key)
    {
        var line = new byte[key.Length + sizeof(int)];
        try
        {
            for (var done = 0; done < line.Length;)
                if (socket.Receive(line.AsSpan(done)) is > 0 and var read)
                    done += read;
                else
                    return null;
        }
        catch (SocketException)
        {
            return null;
        }
        return CryptographicOperations.FixedTimeEquals(line.AsSpan(0, key.Length), Encoding.ASCII.GetBytes(key))
            ? BitConverter.ToInt32(line.AsSpan(key.Length)) : null;
    }

    static Socket Connected(RankPlace first, bool isBeside, Door door, int own)
    {
        foreach (var address in isBeside ? ["127.0.0.1"] : first.Addresses)
        {
            var to = IPAddress.Parse(address);
            var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            using var late = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            try
            {
                socket.ConnectAsync(to, door.Port, late.Token).AsTask().GetAwaiter().GetResult();
                socket.Send([.. Encoding.ASCII.GetBytes(door.Key), .. BitConverter.GetBytes(own)]);
                return socket;
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                socket.Dispose();
            }
        }
        throw new CommunicationException($"MPI: rank 0 cannot be reached on {first.Host} (tried {string.Join(", ", first.Addresses)}, port "
            + $"{door.Port}). Let the machines' firewall pass it.");
    }

    void Listen(int rank, Connection connection)
    {
        using var ended = connection;
        while (true)
        {
            string? line;
            try
            {
                line = connection.Read();
            }
            catch (IOException exception)
            {
                var isSilent = exception.InnerException
                    is SocketException { SocketErrorCode: SocketError.TimedOut or SocketError.WouldBlock };
                if (!ending.IsCancellationRequested && !(isSilent ? HaveAllLeft() : MayEnd(rank)))
                    Fail(isSilent ? Silent(rank, connection.Silence) : Gone(rank));
                return;
            }
            switch (line?.Split(' ', 2))
            {
                case null:
                    if (!ending.IsCancellationRequested && !MayEnd(rank))
                        Fail(Gone(rank));
                    return;
                case [Left, var who]:
                    var numbers = who.Split(' ');
                    Note(int.Parse(numbers[0], CultureInfo.InvariantCulture), int.Parse(numbers[1], CultureInfo.InvariantCulture));
                    break;
                case [Failed, var reason]:
                    // Of what the first hands on it has told itself.
                    Fail(reason, isTold: own == 0);
                    return;
            }
        }
    }

    string Silent(int rank, TimeSpan silence) => string.Create(CultureInfo.InvariantCulture,
        $"{places[rank].Name(rank)} has given no sign of life for {silence.TotalSeconds:0} seconds. {GoOn}");

    string Gone(int rank) => $"{places[rank].Name(rank)} has ended. {GoOn}";

    // The first failure is the one that counts; what follows from it is told by nobody. It is handed on before this process knows it: who
    // waits here ends the connections once it does, and a connection that ends without a reason looks like the death of this process.
    void Fail(string reason, bool isTold = true)
    {
        lock (gate)
        {
            while (isFailing && failure is null)
                Monitor.Wait(gate);
            if (isFailing)
                return;
            isFailing = true;
        }
        if (isTold)
            Tell(reason);
        foreach (var connection in connections.Values)
            connection.TryWrite($"{Failed} {reason.ReplaceLineEndings(" ")}");
        lock (gate)
        {
            Volatile.Write(ref failure, reason);
            Monitor.PulseAll(gate);
        }
    }

    void Beat()
    {
        do
            foreach (var connection in connections.Values)
                connection.TryWrite(Alive);
        while (!ending.Token.WaitHandle.WaitOne(beat));
    }

    public void Dispose()
    {
        ending.Cancel();
        // The thread that listens to it finds its end, and disposes of it.
        foreach (var connection in connections.Values)
            connection.End();
    }

    /// <summary>Lines to and from another process.</summary>
    sealed class Connection : IDisposable
    {
        readonly Lock gate = new();
        readonly NetworkStream stream;
        readonly StreamReader reader;

        public Connection(Socket socket, TimeSpan silence)
        {
            socket.NoDelay = true;
            socket.ReceiveTimeout = socket.SendTimeout = (int)silence.TotalMilliseconds;
            (Silence, stream) = (silence, new(socket, ownsSocket: true));
            reader = new(stream, Encoding.UTF8);
        }

        public TimeSpan Silence { get; }

        /// <summary>The next line; null when the other side has closed.</summary>
        /// <exception cref="IOException">It was silent for too long, or is gone.</exception>
        public string? Read() => reader.ReadLine();

        public void TryWrite(string line)
        {
            try
            {
                lock (gate)
                    stream.Write(Encoding.UTF8.GetBytes(line + "\n"));
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                // Whether the other side is there is found by reading.
            }
        }

        /// <summary>Says what was written, and nothing more; who reads finds the end.</summary>
        public void End()
        {
            try
            {
                stream.Socket.Shutdown(SocketShutdown.Both);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // The other side has ended it.
            }
        }

        public void Dispose() => reader.Dispose();
    }
}
