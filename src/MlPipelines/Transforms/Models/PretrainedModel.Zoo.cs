using System.Collections.Immutable;
using MlPipelines.Networks;

namespace MlPipelines;

/// <remarks>
/// Image classification networks of the ONNX Model Zoo (github.com/onnx/models) that take images of 224×224 pixels and know ImageNet's
/// 1,000 classes. Sizes and SHA-256 are those of the repository's
/// Git LFS pointers, and agree with its ONNX_HUB_MANIFEST.json; licences and accuracies are those of its pages. The project serves the
/// files at huggingface.co/onnxmodelzoo since July 2025;
/// its earlier place is asked second. Preprocessing is that of the pages, but for networks that came from Caffe:
/// those take BGR less the mean, whatever the page says.
/// </remarks>
public sealed partial record PretrainedModel
{
    // Source: github.com/shicai/DenseNet-Caffe: BGR less the mean, times 0.017.
    static readonly Preprocessing densenetCaffe = new(0.017f, [0.017f * 103.94f, 0.017f * 116.78f, 0.017f * 123.68f],
        order: ColourOrder.Bgr);

    static readonly Preprocessing efficientNetLite = new(1, [127], [128]);

    /// <summary>All models known by name.</summary>
    public static ImmutableArray<PretrainedModel> All { get; } =
    [
        Zoo("resnet18-v1", "ResNet-18 v1", ("resnet/model/resnet18-v1-7.onnx", 46_820_737,
            "4e8f8653e7a2222b3904cc3fe8e304cd8b339ce1d05fd24688162f86fb6df52c"), Preprocessing.ImageNetTorch, 0.6993, "Apache-2.0"),
        Zoo("resnet34-v1", "ResNet-34 v1", ("resnet/model/resnet34-v1-7.onnx", 87_302_588,
            "883a41b2e30ddc2e422c108b091b5e70b92d37dc5c345a2c563dcae27971e2cc"), Preprocessing.ImageNetTorch, 0.7373, "Apache-2.0"),
        Zoo("resnet50-v1", "ResNet-50 v1", ("resnet/model/resnet50-v1-7.onnx", 102_583_340,
            "af16a04a6ec48ac494065d4439fe9dea590d337b9ca6dc328160ccf04a217b9c"), Preprocessing.ImageNetTorch, 0.7493, "Apache-2.0"),
        Zoo("resnet101-v1", "ResNet-101 v1", ("resnet/model/resnet101-v1-7.onnx", 178_914_043,
            "760702f6ec0138f71ebac66f4e95d1c72dc9267a8544f4d4667a53075fd0497c"), Preprocessing.ImageNetTorch, 0.7648, "Apache-2.0"),
        Zoo("resnet152-v1", "ResNet-152 v1", ("resnet/model/resnet152-v1-7.onnx", 241_816_206,
            "b0ec92437bf8c9d0739bf9bafdea9638e13f9e3c1e2fb766ad546cc182fd3f6d"), Preprocessing.ImageNetTorch, 0.7711, "Apache-2.0"),
        Zoo("resnet18-v2", "ResNet-18 v2", ("resnet/model/resnet18-v2-7.onnx", 46_806_737,
            "3b4d048057854022232aa20bf68262e31718ab7119a17f920b8a2dc1433f824b"), Preprocessing.ImageNetTorch, 0.6970, "Apache-2.0"),
        Zoo("resnet34-v2", "ResNet-34 v2", ("resnet/model/resnet34-v2-7.onnx", 87_288_587,
            "3d3815e25f4b1ea967e2a526a3b27ef2a03af1725bdc199a63a271c26862d914"), Preprocessing.ImageNetTorch, 0.7336, "Apache-2.0"),
        Zoo("resnet50-v2", "ResNet-50 v2", ("resnet/model/resnet50-v2-7.onnx", 102_442_452,
            "79102261eb6e5fd7af5d27f41316293e388c5cb691e5d25bfb035c4f64fefe31"), Preprocessing.ImageNetTorch, 0.7581, "Apache-2.0"),
        Zoo("resnet101-v2", "ResNet-101 v2", ("resnet/model/resnet101-v2-7.onnx", 178_682_301,
            "3a0a819ea0953fb4700b0d98e43540aeee253e5b4c503c552b0c7979fc67767d"), Preprocessing.ImageNetTorch, 0.7742, "Apache-2.0"),
        Zoo("resnet152-v2", "ResNet-152 v2", ("resnet/model/resnet152-v2-7.onnx", 241_503_848,
            "40fb3f6dd313ba786a2c8077a0ef7d7b4afeda5d037365400d3a7fbc2b1bee64"), Preprocessing.ImageNetTorch, 0.7820, "Apache-2.0"),
        Zoo("mobilenetv2", "MobileNetV2", ("mobilenet/model/mobilenetv2-7.onnx", 14_246_826,
            "c1c513582d56afceff8516c73804e484c81c6a830712ab6d682253f4a3cd042f"), Preprocessing.ImageNetTorch, 0.7094, "Apache-2.0"),
        Zoo("squeezenet1.0", "SqueezeNet 1.0", ("squeezenet/model/squeezenet1.0-12.onnx", 4_952_956,
            "dec81a8684617770b3cf13fadc1d92565d1d453d23935fc6388b792d99c992bd"), Preprocessing.ImageNetCaffe, 0.5685, "Apache-2.0"),
        Zoo("squeezenet1.1", "SqueezeNet 1.1", ("squeezenet/model/squeezenet1.1-7.onnx", 4_956_208,
            "1eeff551a67ae8d565ca33b572fc4b66e3ef357b0eb2863bb9ff47a918cc4088"), Preprocessing.ImageNetTorch, 0.5634, "Apache-2.0"),
        Zoo("vgg16", "VGG-16", ("vgg/model/vgg16-7.onnx", 553_437_328, "f20805a3ecccaa88647bbab4ad011ff2412a9838485ea844de0fcbce349820b9"),
            Preprocessing.ImageNetTorch, 0.7262, "Apache-2.0"),
        Zoo("vgg16-bn", "VGG-16 with batch normalisation", ("vgg/model/vgg16-bn-7.onnx", 553_512_191,
            "4fdceabf1ef715c9ed3020fa2eac1cb2a448296c086b03633c80cf47e1c5afce"), Preprocessing.ImageNetTorch, 0.7271, "Apache-2.0"),
        Zoo("vgg19", "VGG-19", ("vgg/model/vgg19-7.onnx", 574_677_321, "692f9f927f1df1b89033787a77a73eac59fd9b3344f9ecdf0b13221e41c2046f"),
            Preprocessing.ImageNetTorch, 0.7372, "Apache-2.0"),
        Zoo("vgg19-bn", "VGG-19 with batch normalisation", ("vgg/model/vgg19-bn-7.onnx", 574_774_380,
            "ce0987dfa6228ad29708013f38b7f73cbc14ca6066a05fc22ee49b35871c63ed"), Preprocessing.ImageNetTorch, 0.7383, "Apache-2.0"),
        Zoo("googlenet", "GoogLeNet", ("inception_and_googlenet/googlenet/model/googlenet-12.onnx", 28_021_836,
            "c99c507058eaf41de8723408fdda7db8325cb57f0a89f2ee07a716d6e963e14e"), Preprocessing.ImageNetCaffe, 0.6778,
            "BSD-3-Clause") with { Resize = ResizingKind.Fill },
        Zoo("densenet121", "DenseNet-121", ("densenet-121/model/densenet-12.onnx", 32_726_877,
            "0294e7e88e5b3360de9b0fdc321baf9e6ef18b7f058c4536caae3b9f18ed9ed5"), densenetCaffe, 0.6096, "MIT"),
        Zoo("efficientnet-lite4", "EfficientNet-Lite4", ("efficientnet-lite4/model/efficientnet-lite4-11.onnx", 51_946_641,
            "d111689907c06eea7c82e4833ddef758da6453b9d4cf60b7e99ca05c7cbd9c12"), efficientNetLite, 0.8040, "MIT"),
        Zoo("shufflenet-v2", "ShuffleNet v2", ("shufflenet/model/shufflenet-v2-10.onnx", 9_218_554,
            "8b85e969a0a5518b554c99548379d1ba54d973733a6a12012138d91852308584"), Preprocessing.ImageNetTorch, 0.6936, "BSD-3-Clause"),
        Zoo("alexnet", "AlexNet", ("alexnet/model/bvlcalexnet-12.onnx", 243_863_787,
            "6b0da9510f27f234ee96a85dc3809dd210150fdefad87f6850f9788513216945"), Preprocessing.ImageNetCaffe, 0.5480, "BSD-3-Clause"),
        Zoo("caffenet", "CaffeNet", ("caffenet/model/caffenet-12.onnx", 243_863_798,
            "ea563e5c47d1f58e1717cf1a2d8bf288b8adc07af0ad228b622096cd243aeecb"), Preprocessing.ImageNetCaffe, 0.5627, "BSD-3-Clause"),
        Zoo("inception-v1", "Inception v1", ("inception_and_googlenet/inception_v1/model/inception-v1-12.onnx", 28_021_958,
            "814b31a6316873bd03d2d808415ce1f40a7bf48ad88eab5ecc3cdc8dc6cf38ec"), null, 0.6723, "MIT"),
        Zoo("inception-v2", "Inception v2", ("inception_and_googlenet/inception_v2/model/inception-v2-9.onnx", 45_042_799,
            "37ed4aa93f817fd0d1cc19bda045ebd70f18d0887a5f51e66ecd0ed8fd5a65c2"), null, null, "MIT"),
        Zoo("shufflenet-v1", "ShuffleNet v1", ("shufflenet/model/shufflenet-9.onnx", 5_723_770,
            "3642c54024f09d35236f325df9822e772596c394cd90fd8e98ca1d2eba309e6f"), null, null, "BSD-3-Clause"),
    ];

    static PretrainedModel Zoo(string name, string title, (string Path, long Bytes, string Sha256) published,
        Preprocessing? preprocessing, double? top1Accuracy, string licence)
    {
        var (path, bytes, sha256) = published;
        var (folder, file) = (path[..path.LastIndexOf('/')], path[(path.LastIndexOf('/') + 1)..]);
        return new(name, title, new(file, bytes, sha256),
            [new($"https://huggingface.co/onnxmodelzoo/{Path.GetFileNameWithoutExtension(file)}/resolve/main/"),
                new($"https://media.githubusercontent.com/media/onnx/models/main/validated/vision/classification/{folder}/")], licence)
        {
            Takes = new Input(224, 224, 3),
            Classes = 1000,
            Preprocessing = preprocessing,
            Top1Accuracy = top1Accuracy,
        };
    }
}
