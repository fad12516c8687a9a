"""What convolutional networks are made of, as small ONNX files of PyTorch's exporter, with PyTorch's gradients. Run: /usr/bin/python3 tests/golden/blocks.py

Writes blocks/NAME.onnx and blocks.json, the latter in the manner of imported.json. Weights, scales, biases and statistics are random.
"""
import pathlib

import torch
import torch.nn.functional as F
from torch import nn

from golden import write
from imported import network

SIZE = 16


class SqueezeExcite(nn.Module):
    """Inverted residual of MobileNetV3: depthwise convolution, channel attention, hard swish."""

    def __init__(self, gate, activation):
        super().__init__()
        self.expand, self.norm, self.depthwise = nn.Conv2d(6, 12, 1, bias=False), nn.BatchNorm2d(12), nn.Conv2d(12, 12, 3, padding=1, groups=12)
        self.down, self.up, self.project, self.gate, self.activation = nn.Conv2d(12, 4, 1), nn.Conv2d(4, 12, 1), nn.Conv2d(12, 6, 1), gate, activation

    def forward(self, x):
        y = self.activation(self.depthwise(self.activation(self.norm(self.expand(x)))))
        return x + self.project(y * self.gate(self.up(F.relu(self.down(F.adaptive_avg_pool2d(y, 1))))))


class Shuffle(nn.Module):
    """ShuffleNet's unit: half of the channels pass by, then both halves are mixed."""

    def __init__(self):
        super().__init__()
        self.conv, self.norm = nn.Conv2d(3, 3, 3, padding=1), nn.BatchNorm2d(3)

    def forward(self, x):
        left, right = x.chunk(2, 1)
        y = torch.cat([left, F.relu(self.norm(self.conv(right)))], 1)
        n, c, h, w = y.shape
        return y.view(n, 2, c // 2, h, w).transpose(1, 2).contiguous().view(n, c, h, w)


class Dense(nn.Module):
    """DenseNet's layers: normalised before the convolution, joined behind it, then halved."""

    def __init__(self):
        super().__init__()
        self.norms = nn.ModuleList([nn.BatchNorm2d(6), nn.BatchNorm2d(10)])
        self.convs = nn.ModuleList([nn.Conv2d(6, 4, 3, padding=1, bias=False), nn.Conv2d(10, 4, 3, padding=1, bias=False)])
        self.norm, self.conv = nn.BatchNorm2d(14), nn.Conv2d(14, 6, 1, bias=False)

    def forward(self, x):
        for norm, conv in zip(self.norms, self.convs):
            x = torch.cat([x, conv(F.relu(norm(x)))], 1)
        return F.avg_pool2d(self.conv(F.relu(self.norm(x))), 2)


class ConvNext(nn.Module):
    """ConvNeXt's block: wide depthwise convolution, normalisation and two dense layers with the channels last, a scale."""

    def __init__(self):
        super().__init__()
        self.depthwise, self.norm, self.wide, self.narrow = nn.Conv2d(6, 6, 7, padding=3, groups=6), nn.LayerNorm(6, eps=1e-6), nn.Linear(6, 12), nn.Linear(12, 6)
        self.scale = nn.Parameter(torch.ones(6, 1, 1))

    def forward(self, x):
        y = self.norm(self.depthwise(x).permute(0, 2, 3, 1))
        return x + self.scale * self.narrow(F.gelu(self.wide(y))).permute(0, 3, 1, 2)


class Inception(nn.Module):
    """Branches of kernels of other sizes and strides, with pooling in one that counts its padding and in one that does not."""

    def __init__(self):
        super().__init__()
        self.tall, self.flat, self.point = nn.Conv2d(6, 3, (5, 1), stride=2, padding=(2, 0)), nn.Conv2d(6, 3, (1, 5), stride=2, padding=(0, 2)), nn.Conv2d(6, 2, 1)

    def forward(self, x):
        pooled, counted = F.avg_pool2d(x, 3, 2, 1, count_include_pad=False), F.avg_pool2d(self.point(x), 3, 2, 1)
        return torch.cat([self.tall(x), self.flat(x), pooled, counted, F.max_pool2d(x, 2, ceil_mode=True)], 1)


class Grouped(nn.Module):
    """Normalisation by groups of channels, and padding beside the convolution."""

    def __init__(self):
        super().__init__()
        self.conv, self.norm = nn.Conv2d(6, 8, 3, groups=2, bias=False), nn.GroupNorm(4, 8)

    def forward(self, x):
        return F.silu(self.norm(self.conv(F.pad(x, (0, 2, 1, 1)))))


BLOCKS = {
    "squeeze_excite_hard": (lambda: SqueezeExcite(nn.Hardsigmoid(), nn.Hardswish()), 14), "squeeze_excite": (lambda: SqueezeExcite(nn.Sigmoid(), nn.SiLU()), 11),
    "shuffle": (Shuffle, 13), "dense": (Dense, 13), "convnext": (ConvNext, 17), "convnext_plain_operators": (ConvNext, 13), "inception": (Inception, 13), "grouped": (Grouped, 13),
}


class Classifier(nn.Module):
    def __init__(self, block):
        super().__init__()
        self.stem, self.block = nn.Conv2d(3, 6, 3, stride=2, padding=1), block
        self.classifier = nn.Linear(block(torch.zeros(1, 6, SIZE // 2, SIZE // 2)).shape[1], 5)

    def forward(self, x):
        return self.classifier(torch.flatten(F.adaptive_avg_pool2d(self.block(self.stem(x)), 1), 1))


def export(name, make, opset, path):
    torch.set_default_dtype(torch.float32)
    torch.manual_seed(1)
    module = Classifier(make().eval()).eval()
    for key, value in [*module.named_parameters(), *module.named_buffers()]:
        if value.is_floating_point():
            spread = key.endswith("running_var") or "norm" in key and key.endswith("weight")
            torch.nn.init.uniform_(value, *((0.5, 1.5) if spread else (-0.5, 0.5)))
    torch.onnx.export(module, torch.zeros(1, 3, SIZE, SIZE), str(path), opset_version=opset, input_names=["image"], output_names=["logits"],
                      dynamic_axes={"image": {0: "batch"}, "logits": {0: "batch"}})
    torch.set_default_dtype(torch.float64)


if __name__ == "__main__":
    folder = pathlib.Path(__file__).parent / "blocks"
    folder.mkdir(exist_ok=True)
    for name, (make, opset) in BLOCKS.items():
        export(name, make, opset, folder / f"{name}.onnx")
    write("blocks.json", {"torch": torch.__version__}, "networks", [network(folder, name, SIZE) for name in BLOCKS])
