using System.Text;
using MlPipelines.Tests.Evaluation;

namespace MlPipelines.Tests.Reports;

public sealed class TensorBoardLogTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Epochs_are_records_whose_sums_are_right_and_a_run_that_goes_on_appends()
    {
        using (var log = new TensorBoardLog(folder.File("run")))
            log.Report(Epochs.Of(1, 1.5, 0.5));
        using (var log = new TensorBoardLog(folder.File("run")))
            log.Report(Epochs.Of(300, 1, 0.75));
        var records = Records(File.ReadAllBytes(Assert.Single(Directory.GetFiles(folder.File("run"), "*tfevents*"))));
        Assert.Equal(3, records.Count);
        // Field 3, of 13 bytes, behind a time of 9 bytes: the version comes once.
        Assert.Equal((byte[])[0x1a, 13, .. "brain.Event:2"u8], records[0][9..]);
        // Field 2, the epoch, 300 in base 128.
        Assert.Equal((byte[])[0x10, 0xac, 0x02, 0x2a], records[2][9..13]);
        // A value of summary: its tag (field 1) and number (field 2, a float).
        Assert.Contains(Convert.ToHexString([0x0a, 10, .. "loss/train"u8, 0x15, .. BitConverter.GetBytes(1.5f)]),
            Convert.ToHexString(records[1]), StringComparison.Ordinal);
        Assert.DoesNotContain("validation", Encoding.UTF8.GetString(records[1]), StringComparison.Ordinal);
    }

    [Theory, InlineData(1), InlineData(9), InlineData(20), InlineData(60)]
    public void A_run_that_goes_on_appends_behind_the_last_whole_record(int kept)
    {
        var file = folder.File("run/events.out.tfevents.mlpipelines");
        using (var log = new TensorBoardLog(folder.File("run")))
            log.Report(Epochs.Of(1, 1.5, 0.5));
        var whole = File.ReadAllBytes(file);
        using (var log = new TensorBoardLog(folder.File("run")))
            log.Report(Epochs.Of(2, 1.5, 0.5));
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..(whole.Length + kept)]);
        using (var log = new TensorBoardLog(folder.File("run")))
            log.Report(Epochs.Of(2, 1, 0.75));
        var records = Records(File.ReadAllBytes(file));
        Assert.Equal(3, records.Count);
        Assert.Equal(whole, File.ReadAllBytes(file)[..whole.Length]);
        Assert.Equal((byte[])[0x10, 2, 0x2a], records[2][9..12]);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_named()
    {
        File.WriteAllText(folder.File("taken"), "");
        Assert.StartsWith($"{folder.File("taken/run/events.out.tfevents.mlpipelines")}: cannot be written: ",
            Assert.Throws<IOException>(() => new TensorBoardLog(folder.File("taken/run"))).Message, StringComparison.Ordinal);
    }

    // The sum of 32 zero bytes is 0x8a9136aa (RFC 3720, B.4); masked as TensorFlow does.
    [Fact]
    public void The_sum_is_Castagnoli_s() => Assert.Equal(0x8a9136aau, Sum(new byte[32]));

    static List<byte[]> Records(byte[] file)
    {
        var records = new List<byte[]>();
        for (var at = 0; at < file.Length;)
        {
            var length = (int)BitConverter.ToUInt64(file, at);
            Assert.Equal(Masked(file[at..(at + 8)]), BitConverter.ToUInt32(file, at + 8));
            records.Add(file[(at + 12)..(at + 12 + length)]);
            Assert.Equal(Masked(records[^1]), BitConverter.ToUInt32(file, at + 12 + length));
            at += 16 + length;
        }
        return records;
    }

    static uint Masked(byte[] bytes) => (Sum(bytes) >> 15 | Sum(bytes) << 17) + 0xa282ead8;

    // Bit by bit, by the polynomial itself.
    static uint Sum(byte[] bytes)
    {
        var sum = uint.MaxValue;
        foreach (var value in bytes)
        {
            sum ^= value;
            for (var bit = 0; bit < 8; bit++)
                sum = (sum & 1) == 0 ? sum >> 1 : sum >> 1 ^ 0x82f63b78;
        }
        return ~sum;
    }
}
