"""A tiny network trained for three Adam steps, in float64. Run: /usr/bin/python3 tests/golden/network.py

Writes network.json. x [6,2,8,8] -> conv 3x3 same, 4 filters, no bias -> batch norm (training, epsilon 1e-3, momentum 0.99 of the
old value, population variance) -> relu -> max pool 2 -> depthwise 3x3 same with bias -> relu -> global average -> dense 3
-> mean softmax cross-entropy. The same batch at each step; Adam in Keras's form, learning rate 0.01.
Layouts are ONNX's: conv [filters, inputs, 3, 3], depthwise [channels, 1, 3, 3], dense [units, inputs].
The first convolution has no bias: before batch norm its gradient is zero but for rounding, which Adam would blow up.
"""
import torch
import torch.nn.functional as F

from golden import Draw, ints, number, tensor, write
from optimizers import adam

EPSILON, MOMENTUM = 1e-3, 0.99
ADAM = dict(learning_rate=0.01, beta1=0.9, beta2=0.999, epsilon=1e-7)


def start():
    draw = Draw("network")
    shapes = {"conv.kernel": (4, 2, 3, 3), "depthwise.kernel": (4, 1, 3, 3), "depthwise.bias": (4,), "dense.kernel": (3, 4), "dense.bias": (3,)}
    weights = {name: draw(*shape, low=-0.6, high=0.6) for name, shape in shapes.items()}
    weights["batch_norm.scale"], weights["batch_norm.bias"] = draw.positive(4, low=0.5, high=1.5), draw(4, low=-0.5, high=0.5)
    return weights, {"batch_norm.mean": torch.zeros(4), "batch_norm.variance": torch.ones(4)}


def logits(w, moving, x, training):
    x = F.conv2d(x, w["conv.kernel"], padding=1)
    mean, variance = moving["batch_norm.mean"], moving["batch_norm.variance"]
    if training:
        batch_mean, batch_variance = x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False)
        moving = {"batch_norm.mean": MOMENTUM * mean + (1 - MOMENTUM) * batch_mean.detach(),
                  "batch_norm.variance": MOMENTUM * variance + (1 - MOMENTUM) * batch_variance.detach()}
        mean, variance = batch_mean, batch_variance
    column = lambda v: v.reshape(1, -1, 1, 1)
    x = (x - column(mean)) / column(variance + EPSILON).sqrt() * column(w["batch_norm.scale"]) + column(w["batch_norm.bias"])
    x = F.max_pool2d(x.relu(), 2)
    x = F.conv2d(x, w["depthwise.kernel"], w["depthwise.bias"], padding=1, groups=4).relu()
    return F.linear(x.mean((2, 3)), w["dense.kernel"], w["dense.bias"]), moving


def step(w, moving, slots, x, labels, t):
    leaves = {name: value.clone().requires_grad_() for name, value in w.items()}
    scores, moving = logits(leaves, moving, x, training=True)
    loss = F.cross_entropy(scores, labels)
    gradients = dict(zip(leaves, torch.autograd.grad(loss, list(leaves.values()))))
    moved = {name: torch.from_numpy(adam(w[name].numpy(), gradients[name].numpy(), slots[name], t, **ADAM)) for name in w}
    return moved, moving, number(float(loss)), gradients


def named(values):
    return {name: tensor(value) for name, value in values.items()}


if __name__ == "__main__":
    x, labels = Draw("images")(6, 2, 8, 8, low=-4, high=4), ints(0, 1, 2, 0, 1, 2)
    w, moving = start()
    slots = {name: {} for name in w}
    rows = [{"step": 0, "weights": named(w), "moving": named(moving)}]
    for t in (1, 2, 3):
        w, moving, loss, gradients = step(w, moving, slots, x, labels, t)
        rows.append({"step": t, "loss": loss, "gradients": named(gradients), "weights": named(w), "moving": named(moving)})
    scores, _ = logits(w, moving, x, training=False)
    head = {"images": tensor(x), "labels": tensor(labels), "adam": ADAM, "batch_norm": {"epsilon": EPSILON, "momentum": MOMENTUM},
            "inference_logits": tensor(scores)}
    write("network.json", head, "steps", rows)
