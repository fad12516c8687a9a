using MlPipelines.Tests.Imaging;

namespace MlPipelines.Tests.Data.Hygiene;

public sealed class JpegHeadTests
{
    [Fact]
    public void The_quality_is_the_one_it_was_saved_with()
    {
        var picture = Pictures.Noise(16, 16, 1);
        foreach (var quality in Enumerable.Range(5, 96))
            Assert.Equal(quality, JpegHead.Read(picture.Encode(".jpg", quality)).Quality);
    }

    [Fact]
    public void Camera_data_are_noticed()
    {
        var plain = Pictures.Noise(16, 16, 1).Encode(".jpg");
        Assert.False(JpegHead.Read(plain).HasExif);
        Assert.Equal(new(90, true), JpegHead.Read(Pictures.WithOrientation(plain, 6)));
    }

    [Fact]
    public void A_head_cut_or_damaged_anywhere_is_read_as_far_as_it_is_whole()
    {
        var file = Pictures.WithOrientation(Pictures.Noise(8, 8, 1).Encode(".jpg", 70), 6);
        for (var length = 0; length < file.Length; length++)
            Assert.True(JpegHead.Read(file.AsSpan(0, length)).Quality is 70 or double.NaN);
        for (var seed = 0; seed < 500; seed++)
        {
            var dice = Dice.For(seed);
            byte[] damaged = [.. file];
            for (var i = 0; i < 8; i++)
                damaged[dice.Below(Math.Min(200, damaged.Length))] = (byte)dice.Below(256);
            JpegHead.Read(damaged);
        }
    }
}
