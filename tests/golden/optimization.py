"""Images sought by gradient steps, by PyTorch in float64. Run: /usr/bin/python3 tests/golden/optimization.py

Writes optimization.json: for the network of explanation/pooled.onnx, whose weights are read from that file, an inversion of its last maps and
the maximization of two classes, a channel and a place, each from the start of a formula (see `start`): the loss before each step, and the
image after the last one as pixels that are not rounded. Penalties are written out as Mahendran and Vedaldi give them (arXiv:1512.02017).
"""
import math

import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper

from golden import FOLDER, number, write

SIZE, STEPS, RATE = 20, 4, 0.05
TV, BETA, ALPHA_NORM, ALPHA = 0.02, 1.5, 0.3, 6

graph = onnx.load(FOLDER / "explanation" / "pooled.onnx").graph
names = {i.name: torch.from_numpy(numpy_helper.to_array(i).copy()).double() for i in graph.initializer}
convolutions = [node for node in graph.node if node.op_type == "Conv"]
(first, first_b), (second, second_b) = ([names[name] for name in node.input[1:]] for node in convolutions)
sums_w, sums_b = next([names[name] for name in node.input[1:]] for node in graph.node if node.op_type == "Gemm")


def before(x):
    y = torch.relu(F.conv2d(x / 255, first, first_b, stride=2, padding=1))
    return F.conv2d(y, second, second_b, padding=1) + y


def scores(maps):
    return F.linear(torch.relu(maps).mean((2, 3)), sums_w, sums_b)


def image(number_of):
    i = torch.arange(3 * SIZE * SIZE)
    return torch.round(127.5 + 100 * torch.sin(0.05 * i + number_of) + 27 * torch.cos(0.9 * i)).reshape(1, 3, SIZE, SIZE)


def start():
    """x[i] = 127.5 + 40 sin(0.7 i) over the flattened [3, SIZE, SIZE], rounded."""
    return torch.round(127.5 + 40 * torch.sin(0.7 * torch.arange(3 * SIZE * SIZE))).reshape(1, 3, SIZE, SIZE)


def penalties(u):
    d = u * 6.5
    across, down = F.pad(d[..., 1:] - d[..., :-1], (0, 1)), F.pad(d[..., 1:, :] - d[..., :-1, :], (0, 0, 0, 1))
    square = across ** 2 + down ** 2
    # A power of nothing has no slope that autograd could give.
    varies = torch.where(square > 0, square, torch.ones_like(square)) ** (BETA / 2) * (square > 0)
    length = (4 * u ** 2).mean(1)
    return TV * varies.sum() / SIZE ** 2 + ALPHA_NORM * (length ** (ALPHA / 2)).sum() / SIZE ** 2


def sought(objective):
    u = (start() / 255 - 0.5).requires_grad_()
    adam, losses = torch.optim.Adam([u], eps=1e-12), []
    for step in range(STEPS):
        adam.param_groups[0]["lr"] = RATE * 0.5 * (1 + math.cos(math.pi * step / STEPS))
        adam.zero_grad()
        loss = objective((u + 0.5) * 255) + penalties(u)
        loss.backward()
        losses.append(float(loss))
        adam.step()
        u.data.clamp_(-0.5, 0.5)
    return {"losses": [number(loss) for loss in losses], "pixels": [number(float(p)) for p in ((u.detach() + 0.5) * 255).flatten()]}


def maximized(response):
    x = start().requires_grad_()
    scale = 255 * torch.autograd.grad(response(x), x)[0].abs().sum()
    return sought(lambda pixels: -response(pixels) / scale)


wanted = torch.relu(before(image(0)))
rows = [
    {"name": "inversion", **sought(lambda x: ((torch.relu(before(x)) - wanted) ** 2).sum() / (wanted ** 2).sum())},
    *({"name": f"class {c}", **maximized(lambda x, c=c: scores(before(x))[0, c])} for c in (1, 3)),
    {"name": "channel 5", **maximized(lambda x: (torch.relu(before(x)) + 0.01 * before(x))[0, 5].mean())},
    {"name": "unit 2,3,4", **maximized(lambda x: before(x)[0, 2, 3, 4])},
]
write("optimization.json", {"size": SIZE, "steps": STEPS, "rate": RATE, "tv": TV, "beta": BETA, "alpha_norm": ALPHA_NORM, "alpha": ALPHA}, "cases", rows)
