using System.Net.Sockets;
using MlPipelines.Tests.Training;

namespace MlPipelines.Tests.Mpi;

/// <summary>Ranks that watch each other over loopback, without MPI.</summary>
public sealed class RankWatchTests
{
    static readonly TimeSpan silence = TimeSpan.FromSeconds(2);

    static RankPlace[] Places(int count) =>
        [.. Enumerable.Range(0, count).Select(rank => new RankPlace("here", 100 + rank, "one", "0-1", 2, []))];

    // Each rank meets the others and does its work; what it was told comes back.
    static string[] Told(int ranks, Action<RankWatch, int> work) => ThreadRanks.All(ranks, communicator =>
    {
        var (told, places) = ("", Places(ranks));
        var meeting = RankWatch.Meet(places, communicator.Rank, bytes => communicator.AllGather(bytes.Span));
        using var watch = new RankWatch(meeting, places, communicator.Rank, silence) { Tell = text => Volatile.Write(ref told, text) };
        work(watch.Start(), communicator.Rank);
        return Volatile.Read(ref told);
    });

    static string Waited(RankWatch watch, int call)
    {
        for (var waited = 0; waited < 500; waited++)
        {
            try
            {
                watch.ThrowIfMissing(call);
            }
            catch (CommunicationException exception)
            {
                return exception.Message;
            }
            Thread.Sleep(10);
        }
        throw new InvalidOperationException("nobody is missing");
    }

    [Fact]
    public void All_take_leave_when_the_last_does()
    {
        var told = Told(3, (watch, rank) =>
        {
            // Some are ready earlier; who has made as many calls is not missed.
            Thread.Sleep(100 * rank);
            watch.ThrowIfMissing(call: 6);
            Assert.True(watch.Leave(calls: 7));
        });
        Assert.All(told, Assert.Empty);
    }

    [Fact]
    public void Who_takes_leave_while_others_wait_for_it_ends_them()
    {
        var told = Told(3, (watch, rank) =>
        {
            if (rank == 2)
                Assert.False(watch.Leave(calls: 4));
            else
                Assert.Equal("rank 2 (here, process 102) has taken leave, and others still wait for it", Waited(watch, call: 4));
        });
        Assert.Empty(told[2]);
    }

    [Fact]
    public void Who_gives_up_is_named_to_all_with_its_reason()
    {
        var told = Told(3, (watch, rank) =>
        {
            if (rank == 1)
                watch.Abandon("has no pictures\nat all");
            Assert.StartsWith("rank 1 (here, process 101) gave up: has no pictures", Waited(watch, 0), StringComparison.Ordinal);
        });
        // It says so itself, and of the others the first.
        Assert.Equal(["rank 1 (here, process 101) gave up: has no pictures at all", "", ""], told);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Whose_connection_ends_is_gone(int gone)
    {
        var told = Told(3, (watch, rank) =>
        {
            if (rank == gone)
                watch.Dispose();
            else
                Assert.StartsWith($"rank {gone} (here, process 10{gone}) has ended. ", Waited(watch, 0), StringComparison.Ordinal);
        });
        Assert.Equal(gone == 0 ? [1, 2] : [0], told.Index().Where(each => each.Item.Length > 0).Select(each => each.Index));
    }

    [Fact]
    public void Who_is_silent_is_cut_off()
    {
        var places = Places(2);
        var all = ThreadRanks.All(2, communicator =>
        {
            var meeting = RankWatch.Meet(places, communicator.Rank, bytes => communicator.AllGather(bytes.Span));
            if (communicator.Rank == 1)
            {
                // Connected, and never a word.
                using var socket = meeting[0];
                communicator.AllGather([]);
                return "";
            }
            using var watch = new RankWatch(meeting, places, 0, silence) { Tell = _ => { } }.Start();
            var found = Waited(watch, 0);
            communicator.AllGather([]);
            return found;
        });
        Assert.StartsWith("rank 1 (here, process 101) has given no sign of life for 2 seconds. ", all[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Who_does_not_know_the_key_is_not_let_in()
    {
        var told = ThreadRanks.All(2, communicator =>
        {
            var places = Places(2);
            var meeting = RankWatch.Meet(places, communicator.Rank, bytes =>
            {
                var door = communicator.AllGather(bytes.Span);
                if (communicator.Rank == 1)
                {
                    var port = System.Text.Json.JsonDocument.Parse(door[0]).RootElement.GetProperty("Port").GetInt32();
                    using var stranger = new TcpClient("127.0.0.1", port);
                    stranger.GetStream().Write(new byte[36]);
                    Assert.Equal(-1, stranger.GetStream().ReadByte());
                }
                return door;
            });
            using var watch = new RankWatch(meeting, places, communicator.Rank, silence) { Tell = _ => { } }.Start();
            return watch.Leave(1);
        });
        Assert.Equal([true, true], told);
    }
}
