namespace MlPipelines.Tests.Augmentations;

public sealed class AugmentationTextTests
{
    [Fact]
    public void Names_and_arguments_become_records() => Assert.Equal<Augmentation>(
        [new RandomFlip(), new RandomRotation(12.5f, FillMode.Reflect), new RandomShift(0.2f, FillMode.Constant, new(1, 2, 255), null),
            RandomErasing.Timm, new RandomZoom(EachAxis: true), new AugMix(2, Width: 1) { Fill = FillMode.Wrap, Value = new(255, 0, 0) },
            new RandomErasing { MaxAspect = 2 }],
        AugmentationText.Parse(" RandomFlip(), randomrotation(12.5, reflect),RandomShift(0.2, Fill=Constant, Value = #0102FF, Down=null) "
            + ", randomErasing.timm,RandomZoom(eachAxis=True),AugMix(2, fill=wrap, Value=#ff0000, Width=1),RandomErasing(MaxAspect=2)"));

    [Fact]
    public void What_is_written_is_read_again()
    {
        Augmentation[] written = [RandomErasing.Timm, new RandomShift(0.2f, FillMode.Constant, new(1, 2, 255), null),
            new AugMix(2, Width: 1) { Fill = FillMode.Wrap }, .. AugmentationText.Parse(string.Join(',', Catalog<Augmentation>.Members
                .Where(member => member.Value.GetConstructors().All(constructor => constructor.GetParameters()
                    .All(parameter => parameter.HasDefaultValue))).Select(member => member.Key)))];
        Assert.Equal(written, AugmentationText.Parse(string.Join(", ", written.Select(AugmentationText.Of))));
        Assert.Equal("RandomFlip(Horizontal=True, Vertical=False)", AugmentationText.Of(new RandomFlip()));
    }

    [Fact]
    public void Nothing_is_no_augmentation() => Assert.Empty(AugmentationText.Parse("  "));

    [Fact]
    public void Every_augmentation_can_be_named_alone_or_says_what_it_needs()
    {
        Assert.Equal(Catalog<Augmentation>.Members.Keys, AugmentationText.Names);
        Assert.All(Catalog<Augmentation>.Members.Where(member =>
            member.Value.GetConstructors().All(constructor => constructor.GetParameters().All(parameter => parameter.HasDefaultValue))),
            member => Assert.IsType(member.Value, Assert.Single(AugmentationText.Parse(member.Key))));
    }

    [Theory]
    [InlineData("Foo", "'Foo': is no augmentation, there are ")]
    [InlineData("RandomErasing.Foo", "'RandomErasing.Foo': is no augmentation, there are ")]
    [InlineData("RandomRotation(500)", "RandomRotation: Degrees: got 500, needs a value from 0 to 180.")]
    [InlineData("RandomRotation(x)", "RandomRotation: Degrees got 'x', needs a number.")]
    [InlineData("RandomRotation(1.5e)", "RandomRotation: Degrees got '1.5e', needs a number.")]
    [InlineData("RandomRotation(1,sideways)", "RandomRotation: Fill got 'sideways', needs one of Nearest, Constant, Reflect, Wrap.")]
    [InlineData("RandomRotation(1,Value=blue)", "RandomRotation: Value got 'blue', needs a colour as #rrggbb.")]
    [InlineData("RandomFlip(yes)", "RandomFlip: Horizontal got 'yes', needs true or false.")]
    [InlineData("RandomFlip(true,false,true)",
        "RandomFlip: has no place for 'true'; it is RandomFlip(Horizontal = True, Vertical = False).")]
    [InlineData("RandomFlip(Sideways=true)", "RandomFlip: has no place for 'Sideways=true'; it is ")]
    [InlineData("RandomFlip(true,Horizontal=true)", "RandomFlip: has twice 'Horizontal=true'; it is ")]
    [InlineData("RandomFlip(", "'RandomFlip(': its brackets do not match, ")]
    [InlineData("RandomFlip)", "'RandomFlip)': is no augmentation")]
    [InlineData("RandomFlip((true))", "'RandomFlip((true))': its brackets do not match, ")]
    [InlineData("RandomFlip,,RandomHue", "'RandomFlip,,RandomHue': has nothing between two commas.")]
    [InlineData("RandomErasing(MaxAspect=0.1)", "RandomErasing: MaxAspect: got 0.1, needs a value from 0.3 to 1000.")]
    [InlineData("RandomErasing(MaxAspect=x)", "RandomErasing: MaxAspect got 'x', needs a number.")]
    [InlineData("AugMix(3,3,3,1,true,Bilinear)", "AugMix: has no place for 'Bilinear'; it is AugMix(Severity = 3, Width = 3, Depth = -1, "
        + "Alpha = 1, AllOperations = True, Interpolation = Bilinear, Fill = Constant, Value = ")]
    [InlineData("RandomErasing.Timm(1)", "'RandomErasing.Timm(1)': RandomErasing.Timm is ready and takes no arguments.")]
    public void What_cannot_be_understood_is_named_with_what_there_is(string text, string said) =>
        Assert.StartsWith(said, Assert.Throws<FormatException>(() => AugmentationText.Parse(text)).Message, StringComparison.Ordinal);
}
