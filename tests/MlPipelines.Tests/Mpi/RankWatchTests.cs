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

    // Rank 0 with a watch, and rank 1 as it says; what rank 0 finds out.
    static string FoundOf(Action<Socket> other) => ThreadRanks.All(2, communicator =>
    {
        var places = Places(2);
        var meeting = RankWatch.Meet(places, communicator.Rank, bytes => communicator.AllGather(bytes.Span));
        var found = "";
        if (communicator.Rank == 1)
            other(meeting[0]);
        else
        {
            using var watch = new RankWatch(meeting, places, 0, silence) { Tell = _ => { } }.Start();
            found = Waited(watch, 0);
        }
        communicator.AllGather([]);
        // Held until here: a connection that is collected ends.
        meeting[1 - communicator.Rank].Dispose();
        return found;
    })[0];

    [Fact]
    public void Who_is_silent_is_cut_off() =>
        Assert.StartsWith("rank 1 (here, process 101) has given no sign of life for 2 seconds. ", FoundOf(_ => { }),
            StringComparison.Ordinal);

    [Fact]
    public void Who_has_taken_leave_and_ends_before_the_others_do_is_gone() =>
        Assert.StartsWith("rank 1 (here, process 101) has ended. ", FoundOf(socket =>
        {
            socket.Send("left 1 5\n"u8);
            socket.Dispose();
        }), StringComparison.Ordinal);

    [Fact]
    public void Who_has_taken_leave_still_has_to_give_signs_of_life() =>
        Assert.StartsWith("rank 1 (here, process 101) has given no sign of life for 2 seconds. ",
            FoundOf(socket => socket.Send("left 1 5\n"u8)), StringComparison.Ordinal);

    [Fact]
    public void Nobody_waits_for_ever_where_the_first_takes_leave_and_ends()
    {
        var whole = ThreadRanks.All(3, communicator =>
        {
            var places = Places(3);
            var meeting = RankWatch.Meet(places, communicator.Rank, bytes => communicator.AllGather(bytes.Span));
            var isWhole = true;
            if (communicator.Rank == 0)
                foreach (var socket in meeting.Values)
                {
                    socket.Send("left 0 5\n"u8);
                    socket.Dispose();
                }
            else if (communicator.Rank == 1)
            {
                using var watch = new RankWatch(meeting, places, 1, silence) { Tell = _ => { } }.Start();
                isWhole = watch.Leave(5);
            }
            communicator.AllGather([]);
            foreach (var socket in meeting.Values)
                socket.Dispose();
            return isWhole;
        });
        Assert.Equal([true, false, true], whole);
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
