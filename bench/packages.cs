#:project ../src/MlPipelines/MlPipelines.csproj
#:package MathNet.Numerics@5.0.0
#:package MetadataExtractor@2.4.3
#:package Razorvine.Pickle@1.5.0
#:package Sep@0.17.1
#:package SkiaSharp@2.88.9
#:package SkiaSharp.NativeAssets.Linux.NoDependencies@2.88.9
#:property AssemblyName=MlPipelines.Bench
#:property ManagePackageVersionsCentrally=false
#:property PublishAot=false
#:property GenerateDocumentationFile=false
#:property EnforceCodeStyleInBuild=false
#:property NoWarn=$(NoWarn);CA1822
// What packages take for that which is written here, or taken from another package: the figures of docs/dependencies.md.
// dotnet run -c Release bench/packages.cs sums | eigen SIZE [package] | exif | tables | pickle | widths | picture [package]
using System.Diagnostics;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MetadataExtractor;
using MetadataExtractor.Formats.Exif;
using MetadataExtractor.IO;
using MlPipelines;
using MlPipelines.Imaging;
using MlPipelines.Imaging.Jpeg;
using nietras.SeparatedValues;
using Razorvine.Pickle;
using SkiaSharp;

switch (args)
{
    case ["sums"]: Sums(); break;
    case ["eigen", var size, .. var rest]: Eigen(int.Parse(size), rest is []); break;
    case ["exif"]: Exif(); break;
    case ["tables"]: Tables(); break;
    case ["pickle"]: Pickles(); break;
    case ["widths"]: Widths(); break;
    case ["picture", .. var rest]: Picture(rest is []); break;
    default:
        Console.Error.WriteLine("packages: needs sums, eigen SIZE [package], exif, tables, pickle, widths or picture [package].");
        return 1;
}
return 0;

static void Time(string name, int repeats, Action action)
{
    var best = double.MaxValue;
    for (var round = 0; round < 10; round++)
    {
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < repeats; i++)
            action();
        best = Math.Min(best, watch.Elapsed.TotalMicroseconds / repeats);
    }
    Console.WriteLine($"{name,-44} {best,14:N3} µs");
}

static void Sums()
{
    foreach (var length in new[] { 52, 150_528 })
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        Time($"CRC-32 of {length:N0} bytes", 2000, () => Crc32.HashToUInt32(bytes));
        Time($"XXH3 of {length:N0} bytes", 2000, () => XxHash3.HashToUInt64(bytes));
    }
}

static void Eigen(int size, bool ours)
{
    // Rows of a random walk: neighbours are alike, as in pictures.
    var (random, scatter, rows) = (new Random(1), new OuterProducts(size), 2 * size);
    for (var row = 0; row < rows; row += 256)
        scatter.Add([.. Enumerable.Range(0, 256).Select(_ => Walk())]);
    var matrix = Array.ConvertAll(scatter.ToMatrix(), value => value / rows);
    var watch = Stopwatch.StartNew();
    double[] values, vectors;
    if (ours)
        (values, vectors) = SymmetricEigen.Of(matrix, size);
    else
    {
        Control.UseManaged();
        var evd = new DenseMatrix(size, size, (double[])matrix.Clone()).Evd(Symmetricity.Symmetric);
        (values, vectors) = ([.. evd.EigenValues.Select(value => value.Real)], ((DenseMatrix)evd.EigenVectors).Values);
    }
    var seconds = watch.Elapsed.TotalSeconds;
    var worst = new[] { 0, 1, size / 2, size - 2, size - 1 }.Max(k => Math.Sqrt(Enumerable.Range(0, size).Sum(row =>
    {
        var product = 0.0;
        for (var column = 0; column < size; column++)
            product += matrix[row * size + column] * vectors[k * size + column];
        return Math.Pow(product - values[k] * vectors[k * size + row], 2);
    })));
    Console.WriteLine($"{(ours ? "ours" : "MathNet.Numerics")}, {size}×{size}: {seconds:0.00} s, "
        + $"|A·v − λ·v| / λ₁ at most {worst / values.Max():0.0e0}, "
        + $"sum of the vectors' bits {XxHash3.HashToUInt64(MemoryMarshal.AsBytes(vectors.AsSpan())):x}");

    double[] Walk()
    {
        var last = 0.0;
        return [.. Enumerable.Range(0, size).Select(_ => last = 0.95 * last + random.NextDouble() - 0.5)];
    }
}

static void Exif()
{
    foreach (var entries in new[] { 2, 12, 60 })
    {
        var block = ExifBlock(entries);
        Time($"ours, {entries} tags", 5000, () => GC.KeepAlive(ExifOrientation.Read(block) == 6));
        Time($"MetadataExtractor, {entries} tags", 5000, () => GC.KeepAlive(Extracted(block) == 6));
    }
    var (differ, random) = (0, new Random(1));
    for (var i = 0; i < 100_000; i++)
    {
        var block = ExifBlock(12);
        block[random.Next(6, 200)] = (byte)random.Next(256);
        if (ExifOrientation.Read(block) != Extracted(block))
            differ++;
    }
    Console.WriteLine($"of 100,000 blocks with a changed byte {differ:N0} are read otherwise");
}

// Null where the package found an error in it.
static int? Extracted(byte[] block)
{
    var found = new ExifReader().Extract(new ByteArrayReader(block, 6)).OfType<ExifIfd0Directory>().FirstOrDefault();
    return found is null || found.HasError ? null : found.TryGetInt32(274, out var orientation) ? orientation : 1;
}

static byte[] ExifBlock(int entries)
{
    using var block = new MemoryStream();
    using var writer = new BinaryWriter(block);
    writer.Write("Exif\0\0II*\0"u8);
    writer.Write(8);
    writer.Write((ushort)entries);
    for (var i = 0; i < entries - 1; i++)
    {
        (ushort Tag, ushort Type) text = ((ushort)(i < 4 ? 270 + i : 301 + i), 2);
        writer.Write(text.Tag);
        writer.Write(text.Type);
        writer.Write(12);
        writer.Write(14 + 12 * entries + 12 * i);
    }
    writer.Write((ushort)274);
    writer.Write((ushort)3);
    writer.Write(1);
    writer.Write(6);
    writer.Write(0);
    for (var i = 0; i < entries - 1; i++)
        writer.Write("Some words.\0"u8);
    return block.ToArray();
}

static void Tables()
{
    const int rows = 100_000;
    var path = Path.GetTempFileName();
    File.WriteAllLines(path, Enumerable.Range(0, rows).Select(i =>
        i % 3 == 0 ? $"\"a, {i}.jpg\",\"the \"\"{i}\"\"\"" : $"photographs/{i}.jpg,class {i % 10}"));
    Time($"CsvHelper through CsvReader, {rows:N0} rows", 3, () => GC.KeepAlive(new MlPipelines.CsvReader(path, ',').Read().ToArray()));
    Time($"Sep, {rows:N0} rows", 3, () =>
    {
        using var reader = Sep.New(',')
            .Reader(options => options with { HasHeader = false, Unescape = true, DisableColCountCheck = true }).FromFile(path);
        foreach (var row in reader)
            for (var i = 0; i < row.ColCount; i++)
                row[i].ToString();
    });
    File.Delete(path);
}

static void Pickles()
{
    const int records = 10_000;
    var header = Encoding.Latin1.GetBytes("\u0080\u0002}q\0(U\u0004datacnumpy.core.multiarray\n_reconstruct\n"
        + "cnumpy\nndarray\nK\0\u0085U\u0001b\u0087R(K\u0001M\u0010'M\0\u000c\u0086"
        + "cnumpy\ndtype\nU\u0002u1K\0K\u0001\u0087R(K\u0003U\u0001|NNNJ\u00ff\u00ff\u00ff\u00ffJ\u00ff\u00ff\u00ff\u00ffK\0tb\u0089T");
    byte[] batch = [.. header, .. BitConverter.GetBytes(records * 3072), .. new byte[records * 3072], .. "tbu."u8];
    Time("ours, a batch of CIFAR-10", 3, () => Pickle.Read(batch, "batch"));
    Unpickler.registerConstructor("numpy.core.multiarray", "_reconstruct", new Constructor());
    Unpickler.registerConstructor("numpy", "ndarray", new Constructor());
    Unpickler.registerConstructor("numpy", "dtype", new Constructor());
    Time("Razorvine.Pickle, a batch of CIFAR-10", 3, () => new Unpickler().loads(batch));
}

static void Widths()
{
    const string name = "Kirschblüte 桜 at dawn";
    Time($"Wcwidth through DisplayText, {name.Length} characters", 5000, () => DisplayText.Width(name));
}

static void Picture(bool ours)
{
    string[] classes = [.. Enumerable.Range(0, 10).Select(i => $"class {i}")];
    int[] labels = [.. Enumerable.Range(0, 1000).Select(i => i % 10)];
    int[] predicted = [.. labels.Select((label, i) => i % 7 == 0 ? (label + i) % 10 : label)];
    var matrix = new NamedConfusionMatrix(classes, labels, predicted);
    var watch = Stopwatch.StartNew();
    if (ours)
    {
        var svg = ConfusionPicture.Render(matrix);
        Console.WriteLine($"ours, SVG: {watch.Elapsed.TotalMilliseconds:0.0} ms");
        Console.WriteLine($"ours, PNG: {Image.FromSvg(svg).Encode(".png").Length:N0} bytes after {watch.Elapsed.TotalMilliseconds:0.0} ms");
        return;
    }
    using var bitmap = new SKBitmap(700, 700);
    using var canvas = new SKCanvas(bitmap);
    using SKPaint paint = new() { TextSize = 13, IsAntialias = true, Color = SKColors.Black }, fill = new() { Color = SKColors.SteelBlue };
    canvas.Clear(SKColors.White);
    for (var place = 0; place < 100; place++)
        canvas.DrawRect(130 + place % 10 * 52, 130 + place / 10 * 52, 51, 51, fill);
    var before = Dark();
    for (var place = 0; place < 100; place++)
        canvas.DrawText($"{matrix.Counts[place / 10][place % 10]}", 150 + place % 10 * 52, 160 + place / 10 * 52, paint);
    canvas.Flush();
    using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
    Console.WriteLine($"SkiaSharp, PNG: {png.Size:N0} bytes after {watch.Elapsed.TotalMilliseconds:0.0} ms; "
        + $"its 100 numbers have {Dark() - before:N0} dark pixels, its font is '{SKTypeface.Default.FamilyName}'");

    int Dark() => bitmap.Pixels.Count(pixel => pixel.Red < 60 && pixel.Green < 60);
}

sealed class Constructor : IObjectConstructor
{
    public object construct(object[] args) => new Constructor();

    public void __setstate__(object[] state) => GC.KeepAlive(state);
}
