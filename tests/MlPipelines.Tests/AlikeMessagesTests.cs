namespace MlPipelines.Tests;

public class AlikeMessagesTests
{
    [Fact]
    public void Messages_that_differ_in_names_and_numbers_are_counted()
    {
        var alike = new AlikeMessages(most: 2);
        var let = Enumerable.Range(0, 1000)
            .Count(i => alike.Lets($"skipped data dir/a {i}/photo {i}.jpg: holds {i:N0} bytes of 'x{i}', too few."));
        Assert.Equal(2, let);
        Assert.True(alike.Lets("skipped a/b.jpg: is damaged."));
        Assert.Equal(["998 more like this one: skipped data dir/a 0/photo 0.jpg: holds 0 bytes of 'x0', too few."], alike.HeldBack());
        Assert.True(alike.Lets("skipped data dir/a 0/photo 0.jpg: holds 0 bytes of 'x0', too few."));
    }
}
