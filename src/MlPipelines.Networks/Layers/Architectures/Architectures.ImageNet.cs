namespace MlPipelines.Networks;

/// <remarks>Those published for ImageNet are defined here with new weights; trained ones come from an ONNX file:
/// <see cref="Network.FromOnnx"/>.</remarks>
public static partial class Architectures
{
    /// <summary>Thirteen convolutions in five stages; 14,714,688 parameters without the classifier, 138,357,544 with it for 1,000 classes
    /// and images of 224×224 pixels. Source: Simonyan, Zisserman 2014, arXiv:1409.1556, configuration D; Keras's VGG16.</summary>
    /// <param name="classes">Number of classes; null leaves the classifier out, so that the result is [N,512,H/32,W/32].</param>
    public static Sequential Vgg16(int? classes = null)
    {
        Layer[] Stage(int convolutions, int filters) =>
            [.. Enumerable.Repeat(new Conv2D(filters, 3, Padding.Same, Activation.Relu), convolutions), new MaxPooling2D(2)];
        return new([.. Stage(2, 64), .. Stage(2, 128), .. Stage(3, 256), .. Stage(3, 512), .. Stage(3, 512),
            .. classes is { } count
            ? (Layer[])[new Flatten(), new Dense(4096, Activation.Relu), new Dense(4096, Activation.Relu),
                new Dense(count, Activation.Softmax)] : []]);
    }

    /// <summary>Thirteen pairs of a depthwise and a pointwise convolution; 3,228,864 parameters without the classifier, 4,253,864 with it
    /// for 1,000 classes. Source: Howard et al. 2017, arXiv:1704.04861; Keras's MobileNet.</summary>
    /// <param name="classes">Number of classes; null leaves the classifier out, so that the result is [N,1024].</param>
    public static Sequential MobileNet(int? classes = null)
    {
        Layer[] Rest() => [new BatchNormalization(), Activation.Relu6];
        Layer[] Pair(int filters, int strides = 1) =>
        [
            .. strides == 2 ? [new ZeroPadding2D(0, 1, 0, 1)] : (Layer[])[],
            new DepthwiseConv2D(3, strides == 2 ? Padding.Valid : Padding.Same, strides: strides, useBias: false), .. Rest(),
            new Conv2D(filters, 1, useBias: false), .. Rest(),
        ];
        return new([new ZeroPadding2D(0, 1, 0, 1), new Conv2D(32, 3, strides: 2, useBias: false), .. Rest(),
            .. Pair(64), .. Pair(128, 2), .. Pair(128), .. Pair(256, 2), .. Pair(256), .. Pair(512, 2),
            .. Enumerable.Repeat(0, 5).SelectMany(_ => Pair(512)), .. Pair(1024, 2), .. Pair(1024), new GlobalAveragePooling2D(),
            .. classes is { } count ? (Layer[])[new Dropout(0.001f), new Dense(count, Activation.Softmax)] : []]);
    }

    /// <summary>Seventeen inverted residual blocks; 3,504,872 trainable parameters for 1,000 classes. Source: Sandler et al. 2018,
    /// arXiv:1801.04381; torchvision's mobilenet_v2, but for padding at strides of two, which is Keras's.</summary>
    public static Sequential MobileNetV2(int classes = 1000)
    {
        Layer[] Widths(int input, int output, int expansion, int strides)
        {
            Layer[] block =
            [
                .. expansion == 1 ? []
                : (Layer[])[new Conv2D(input * expansion, 1, useBias: false) { KernelInitializer = new HeNormal() }, Light,
                    Activation.Relu6],
                new DepthwiseConv2D(3, Padding.Same, strides: strides, useBias: false) { KernelInitializer = new HeNormal() }, Light,
                Activation.Relu6,
                new Conv2D(output, 1, useBias: false) { KernelInitializer = new HeNormal() }, Light,
            ];
            return strides == 1 && input == output ? [new Residual([.. block])] : block;
        }
        var (layers, width) = (new List<Layer>
        {
            new Conv2D(32, 3, Padding.Same, strides: 2, useBias: false) { KernelInitializer = new HeNormal() },
            Light,
            Activation.Relu6,
        }, 32);
        foreach (var (expansion, filters, blocks, strides) in ((int, int, int, int)[])[(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2),
            (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)])
            for (var block = 0; block < blocks; block++, width = filters)
                layers.AddRange(Widths(width, filters, expansion, block == 0 ? strides : 1));
        return new([.. layers, new Conv2D(1280, 1, useBias: false) { KernelInitializer = new HeNormal() }, Light, Activation.Relu6,
            new GlobalAveragePooling2D(), new Dropout(0.2f), new Dense(classes, Activation.Softmax)]);
    }

    /// <summary>Eight residual blocks of two convolutions; 11,689,512 trainable parameters for 1,000 classes. Source: He et al. 2016,
    /// arXiv:1512.03385, table 1; torchvision's resnet18, but for padding at strides of two, which is Keras's.</summary>
    public static Sequential ResNet18(int classes = 1000)
    {
        Conv2D Convolved(int filters, int kernel, int strides = 1) =>
            new(filters, kernel, Padding.Same, strides: strides, useBias: false) { KernelInitializer = new HeNormal() };
        Layer[] Block(int filters, int strides = 1) =>
        [
            new Residual([Convolved(filters, 3, strides), Light, Activation.Relu, Convolved(filters, 3), Light],
                strides == 1 ? [] : [Convolved(filters, 1, strides), Light]), Activation.Relu,
        ];
        return new([Convolved(64, 7, 2), Light, Activation.Relu, new ZeroPadding2D(1), new MaxPooling2D(3, strides: 2),
            .. Block(64), .. Block(64), .. Block(128, 2), .. Block(128), .. Block(256, 2), .. Block(256), .. Block(512, 2), .. Block(512),
            new GlobalAveragePooling2D(), new Dense(classes, Activation.Softmax)]);
    }

    static BatchNormalization Light => new(momentum: 0.9f, epsilon: 1e-5f);
}
