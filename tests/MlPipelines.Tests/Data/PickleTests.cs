using System.Text;

namespace MlPipelines.Tests.Data;

/// <summary>The pickles were written by CPython 3.11 with NumPy 1.24.</summary>
public sealed class PickleTests
{
    const string Protocol2 =
        "gAJ9cQAoY19jb2RlY3MKZW5jb2RlCnEBWAQAAABkYXRhcQJYBgAAAGxhdGluMXEDhnEEUnEFY251bXB5LmNvcmUubXVsdGlhcnJheQpfcmVjb2"
            + "5zdHJ1Y3QKcQZjbnVtcHkKbmRhcnJheQpxB0sAhXEIaAFYAQAAAGJxCWgDhnEKUnELh3EMUnENKEsBSwJLA4ZxDmNudW1weQpkdHlwZQpxD1gC"
            + "AAAAdTFxEImIh3ERUnESKEsDWAEAAAB8cRNOTk5K/////0r/////SwB0cRRiiWgBWAYAAAAAAQIDBAVxFWgDhnEWUnEXdHEYYmgBWAYAAABsYW"
            + "JlbHNxGWgDhnEaUnEbXXEcKEsDTSwBZWgBWAUAAABuYW1lc3EdaAOGcR5ScR9dcSAoWAEAAAB4cSFYAgAAAMOpcSJlaAFYBAAAAG5vbmVxI2gD"
            + "hnEkUnElTmgBWAEAAAB0cSZoA4ZxJ1JxKEsBSv7///9KcBEBAIdxKVgBAAAAYnEqiHUu";

    [Theory]
    [InlineData("fXEAKGNfY29kZWNzCmVuY29kZQpxAShYBAAAAGRhdGFxAlgGAAAAbGF0aW4xcQN0cQRScQVjbnVtcHkuY29yZS5tdWx0aWFycmF5Cl9yZWNvbn"
        + "N0cnVjdApxBihjbnVtcHkKbmRhcnJheQpxByhLAHRxCGgBKFgBAAAAYnEJaAN0cQpScQt0cQxScQ0oSwEoSwJLA3RxDmNudW1weQpkdHlwZQpx"
        + "DyhYAgAAAHUxcRBJMDAKSTAxCnRxEVJxEihLA1gBAAAAfHETTk5OSv////9K/////0sAdHEUYkkwMApoAShYBgAAAAABAgMEBXEVaAN0cRZScR"
        + "d0cRhiaAEoWAYAAABsYWJlbHNxGWgDdHEaUnEbXXEcKEsDTSwBZWgBKFgFAAAAbmFtZXNxHWgDdHEeUnEfXXEgKFgBAAAAeHEhWAIAAADDqXEi"
        + "ZWgBKFgEAAAAbm9uZXEjaAN0cSRScSVOaAEoWAEAAAB0cSZoA3RxJ1JxKChLAUr+////SnARAQB0cSlYAQAAAGJxKkkwMQp1Lg==")]
    [InlineData(Protocol2)]
    [InlineData("gAN9cQAoQwRkYXRhcQFjbnVtcHkuY29yZS5tdWx0aWFycmF5Cl9yZWNvbnN0cnVjdApxAmNudW1weQpuZGFycmF5CnEDSwCFcQRDAWJxBYdxBl"
        + "JxByhLAUsCSwOGcQhjbnVtcHkKZHR5cGUKcQlYAgAAAHUxcQqJiIdxC1JxDChLA1gBAAAAfHENTk5OSv////9K/////0sAdHEOYolDBgABAgME"
        + "BXEPdHEQYkMGbGFiZWxzcRFdcRIoSwNNLAFlQwVuYW1lc3ETXXEUKFgBAAAAeHEVWAIAAADDqXEWZUMEbm9uZXEXTkMBdHEYSwFK/v///0pwEQ"
        + "EAh3EZWAEAAABicRqIdS4=")]
    [InlineData("gASV4QAAAAAAAAB9lChDBGRhdGGUjBVudW1weS5jb3JlLm11bHRpYXJyYXmUjAxfcmVjb25zdHJ1Y3SUk5SMBW51bXB5lIwHbmRhcnJheZSTlE"
        + "sAhZRDAWKUh5RSlChLAUsCSwOGlGgFjAVkdHlwZZSTlIwCdTGUiYiHlFKUKEsDjAF8lE5OTkr/////Sv////9LAHSUYolDBgABAgMEBZR0lGJD"
        + "BmxhYmVsc5RdlChLA00sAWVDBW5hbWVzlF2UKIwBeJSMAsOplGVDBG5vbmWUTkMBdJRLAUr+////SnARAQCHlIwBYpSIdS4=")]
    public void Plain_data_and_arrays_of_bytes_are_read(string base64)
    {
        var read = Assert.IsType<Dictionary<string, object?>>(Pickle.Read(Convert.FromBase64String(base64), "batch"));
        var array = Assert.IsType<PickledArray>(read["data"]);
        Assert.Equal([2, 3], array.Shape);
        Assert.Equal([0, 1, 2, 3, 4, 5], array.Data);
        Assert.False(array.ColumnMajor);
        Assert.Equal(new List<object?> { 3L, 300L }, read["labels"]);
        Assert.Equal(new List<object?> { "x", "é" }, read["names"]);
        Assert.Null(read["none"]);
        Assert.Equal(new object?[] { 1L, -2L, 70000L }, read["t"]);
        Assert.Equal(true, read["b"]);
    }

    [Fact]
    public void Python_2_writes_short_strings() =>
        Assert.Equal(new List<object?> { 6L, "frog" },
            ((Dictionary<string,
                object?>)Pickle.Read(Encoding.Latin1.GetBytes(
                    "\u0080\u0002}q\u0001U\u0006labelsq\u0002]q\u0003(K\u0006U\u0004frogq\u0004es."), "batch")!)["labels"]);

    [Fact]
    public void An_array_by_columns_says_so()
    {
        var array =
            Assert.IsType<PickledArray>(
                Pickle.Read(
                    Convert.FromBase64String(
                        "gAJjbnVtcHkuY29yZS5tdWx0aWFycmF5Cl9yZWNvbnN0cnVjdApxAGNudW1weQpuZGFycmF5CnEBSwCFcQJjX2NvZGVjcwplbmNvZGUKcQNYAQ"
                            + "AAAGJxBFgGAAAAbGF0aW4xcQWGcQZScQeHcQhScQkoSwFLAksDhnEKY251bXB5CmR0eXBlCnELWAIAAAB1MXEM"
                            + "iYiHcQ1ScQ4oSwNYAQAAAHxx"
                            + "D05OTkr/////Sv////9LAHRxEGKIaANYBgAAAAADAQQCBXERaAWGcRJScRN0cRRiLg=="), "batch"));
        Assert.True(array.ColumnMajor);
        Assert.Equal([0, 3, 1, 4, 2, 5], array.Data);
    }

    [Theory]
    [InlineData("gAJ9cQBYBAAAAGRhdGFxAWNwb3NpeApzeXN0ZW0KcQJYEAAAAHRvdWNoIC90bXAvb3duZWRxA4VxBFJxBXMu", "the name 'posix.system'")]
    [InlineData("gASVNQAAAAAAAAB9lIwEZGF0YZSMBXBvc2l4lIwGc3lzdGVtlJOUjBB0b3VjaCAvdG1wL293bmVklIWUUpRzLg==", "the name 'posix.system'")]
    [InlineData("gAJjbnVtcHkuY29yZS5tdWx0aWFycmF5Cl9yZWNvbnN0cnVjdApxAGNudW1weQpuZGFycmF5CnEBSwCFcQJjX2NvZGVjcwplbmNvZGUKcQNYAQ"
        + "AAAGJxBFgGAAAAbGF0aW4xcQWGcQZScQeHcQhScQkoSwFLAoVxCmNudW1weQpkdHlwZQpxC1gCAAAAZjhxDImIh3ENUnEOKEsDWAEAAAA8cQ9O"
        + "Tk5K/////0r/////SwB0cRBiiWgDWBAAAAAAAAAAAAAAAAAAAAAAAAAAcRFoBYZxElJxE3RxFGIu", "a call of 'numpy.dtype'")]
    public void Anything_but_data_is_refused_by_name_and_not_executed(string base64, string what)
    {
        var message = Assert.Throws<InvalidDataException>(() => Pickle.Read(Convert.FromBase64String(base64), "batch")).Message;
        Assert.StartsWith($"batch: holds {what}", message);
    }

    [Theory]
    [InlineData("i__main__\nEvil\n.", "the operation 0x69 ('i')")]
    [InlineData("(o.", "the operation 0x6F ('o')")]
    [InlineData("\u0081.", "the operation 0x81")]
    [InlineData("\u0082\u0001.", "the operation 0x82")]
    [InlineData("P1\n.", "the operation 0x50 ('P')")]
    public void Operations_that_make_objects_are_refused(string pickle, string what) =>
        Assert.Contains(what, Assert.Throws<InvalidDataException>(() => Pickle.Read(Encoding.Latin1.GetBytes(pickle), "batch")).Message);

    [Fact]
    public void Every_shortening_and_every_changed_byte_ends_in_an_answer_or_in_InvalidDataException()
    {
        var whole = Convert.FromBase64String(Protocol2);
        for (var i = 0; i < whole.Length; i++)
        {
            Assert.Throws<InvalidDataException>(() => Pickle.Read(whole[..i], "batch"));
            for (var bit = 0; bit < 8; bit++)
            {
                var changed = (byte[])whole.Clone();
                changed[i] ^= (byte)(1 << bit);
                Assert.True(Record.Exception(() => Pickle.Read(changed, "batch")) is null or InvalidDataException);
            }
        }
    }
}
