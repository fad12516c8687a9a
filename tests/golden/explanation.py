"""Heat maps of small networks by PyTorch's own gradients, in float64. Run: /usr/bin/python3 tests/golden/explanation.py

Writes explanation/NAME.onnx, as PyTorch's exporter makes them, and explanation.json: for an image that follows from a formula (see `image`)
and each of two classes the maps of Grad-CAM, Grad-CAM++ and Layer-CAM at the last maps, CAM where the network pools globally, integrated
gradients by the midpoint rule, and the gradient at the pixels. Maps of layers are enlarged to the image as torch's bilinear interpolation does it;
nothing is brought between 0 and 1.
"""
import warnings

import torch
import torch.nn.functional as F
from torch import nn

from golden import FOLDER, number, write

SIZE, CLASSES, STEPS = 20, 4, 16


class Pooled(nn.Module):
    """Two convolutions with normalisation, a residual, global average pooling and one weighted sum."""

    def __init__(self):
        super().__init__()
        self.first, self.norm = nn.Conv2d(3, 8, 3, padding=1, stride=2), nn.BatchNorm2d(8)
        self.second, self.sums = nn.Conv2d(8, 8, 3, padding=1), nn.Linear(8, CLASSES)

    def maps(self, x):
        y = torch.relu(self.norm(self.first(x / 255)))
        return torch.relu(self.second(y) + y)

    def forward(self, x):
        return self.scores(self.maps(x))

    def scores(self, maps):
        return self.sums(maps.mean((2, 3)))


class Flattened(nn.Module):
    """A convolution, pooling, and two weighted sums of all places."""

    def __init__(self):
        super().__init__()
        self.first, self.hidden, self.sums = nn.Conv2d(3, 6, 5), nn.Linear(6 * 8 * 8, 16), nn.Linear(16, CLASSES)

    def maps(self, x):
        return torch.relu(self.first(x / 255))

    def forward(self, x):
        return self.scores(self.maps(x))

    def scores(self, maps):
        return self.sums(torch.relu(self.hidden(torch.max_pool2d(maps, 2).flatten(1))))


def image(number_of):
    """x[i] = 127.5 + 100 sin(0.05 i + n) + 27 cos(0.9 i) over the flattened [3, SIZE, SIZE], rounded."""
    i = torch.arange(3 * SIZE * SIZE)
    return torch.round(127.5 + 100 * torch.sin(0.05 * i + number_of) + 27 * torch.cos(0.9 * i)).reshape(1, 3, SIZE, SIZE)


def gradient(y, x):
    return torch.autograd.grad(y, x)[0]


def cases(name, net, pools):
    for number_of, chosen in ((0, 0), (1, 2)):
        x = image(number_of)
        maps = net.maps(x).detach().requires_grad_()
        g = gradient(net.scores(maps)[0, chosen], maps)
        plus = g ** 2 / (2 * g ** 2 + maps.sum((2, 3), keepdim=True) * g ** 3 + 1e-6)
        found = {
            "grad_cam": torch.relu((g.mean((2, 3), keepdim=True) * maps).sum(1)),
            "grad_cam_plus_plus": torch.relu(((plus * torch.relu(g)).sum((2, 3), keepdim=True) * maps).sum(1)),
            "layer_cam": torch.relu((torch.relu(g) * maps).sum(1)),
            "integrated_gradients": integrated(net, x, chosen),
            "gradient": gradient_at(net, x, chosen).abs().amax(1),
        }
        if pools:
            found["cam"] = (net.sums.weight[chosen].reshape(1, -1, 1, 1) * maps).sum(1) / (maps.shape[2] * maps.shape[3])
        found = {key: F.interpolate(value[None], (SIZE, SIZE), mode="bilinear")[0] for key, value in found.items()}
        yield {
            "network": name, "image": number_of, "class": chosen,
            "probabilities": [number(p) for p in torch.softmax(net(x), 1)[0].tolist()],
            "logit_difference": number(float(net(x)[0, chosen] - net(torch.zeros_like(x))[0, chosen])),
            "maps": {key: {"shape": list(value.shape[1:]), "values": [number(v) for v in value.detach().flatten().tolist()]}
                     for key, value in found.items()},
        }


def gradient_at(net, x, chosen):
    at = x.clone().requires_grad_()
    return gradient(net(at)[0, chosen], at)


def integrated(net, x, chosen):
    mean = sum(gradient_at(net, x * (step + 0.5) / STEPS, chosen) for step in range(STEPS)) / STEPS
    return (mean * x).sum(1)


rows = []
(FOLDER / "explanation").mkdir(exist_ok=True)
for name, make in (("pooled", Pooled), ("flattened", Flattened)):
    torch.manual_seed(5)
    net = make().double().eval()
    for weight in net.parameters():
        weight.data.mul_(3)
    if name == "pooled":
        net.norm.running_mean.normal_()
        net.norm.running_var.uniform_(0.5, 2)
    # The file holds float32; what is computed here starts from the same numbers.
    net.float()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(net, torch.zeros(1, 3, SIZE, SIZE, dtype=torch.float32), FOLDER / "explanation" / f"{name}.onnx",
                          input_names=["image"], output_names=["scores"], dynamic_axes={"image": {0: "batch"}, "scores": {0: "batch"}})
    rows += cases(name, net.double(), name == "pooled")
write("explanation.json", {"size": SIZE, "steps": STEPS}, "cases", rows)
