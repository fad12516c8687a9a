"""Gradients of three real networks with respect to all their weights, in float64. Run: /usr/bin/python3 tests/golden/imported.py FOLDER

FOLDER holds mobilenet_v2.onnx, squeezenet1.0.onnx and resnet20_cifar10.onnx. Writes imported.json. Each network runs in PyTorch through the
small ONNX interpreter below, on images that follow from a formula (see `images`), and gives its last weighted sums (before a Softmax).
The loss is the sum of c * logits, c[i] = sin(1 + i) over the flattened logits. Of each weight: the norm of its gradient and five elements.
Running statistics of normalisations are used, not updated.
"""
import hashlib
import json
import pathlib
import sys

import numpy
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper

from golden import number, write

SAMPLES = 5
NETWORKS = {"mobilenet_v2": 96, "squeezenet1.0": 96, "resnet20_cifar10": 32}


def images(batch, size):
    """x[i] = sin(0.37 i) + 0.5 cos(0.011 i) over the flattened [batch, 3, size, size]."""
    i = torch.arange(batch * 3 * size * size)
    return (torch.sin(0.37 * i) + 0.5 * torch.cos(0.011 * i)).reshape(batch, 3, size, size)


def attributes(node):
    return {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}


def padded(x, pads, value=0.0):
    top, left, bottom, right = pads
    return F.pad(x, (left, right, top, bottom), value=value) if any(pads) else x


def conv(a, x, w, b=None):
    x = padded(x, a.get("pads", [0, 0, 0, 0]))
    return F.conv2d(x, w, b, stride=a.get("strides", [1, 1]), dilation=a.get("dilations", [1, 1]), groups=a.get("group", 1))


def max_pool(a, x):
    x = padded(x, a.get("pads", [0, 0, 0, 0]), -numpy.inf)
    return F.max_pool2d(x, a["kernel_shape"], a.get("strides", [1, 1]), ceil_mode=bool(a.get("ceil_mode", 0)))


def gemm(a, x, w, b):
    assert a.get("alpha", 1.0) == a.get("beta", 1.0) == 1.0 and not a.get("transA", 0)
    return x @ (w.t() if a.get("transB", 0) else w) + b


def clip(a, x, least=None, most=None):
    return torch.clamp(x, float(least), float(most))


def batch_norm(a, x, scale, shift, mean, variance):
    return F.batch_norm(x, mean, variance, scale, shift, training=False, eps=a.get("epsilon", 1e-5))


def reduce_mean(a, x, axes=None):
    axes = a["axes"] if axes is None else axes.tolist()
    return x.mean(axes, keepdim=bool(a.get("keepdims", 1)))


def average_pool(a, x):
    assert a.get("auto_pad", "NOTSET") in ("NOTSET", b"NOTSET") and not a.get("ceil_mode", 0)
    pads = a.get("pads", [0, 0, 0, 0])
    count = bool(a.get("count_include_pad", 0))
    sums = F.avg_pool2d(padded(x, pads), a["kernel_shape"], a.get("strides", [1, 1]))
    return sums if count else sums / F.avg_pool2d(padded(torch.ones_like(x), pads), a["kernel_shape"], a.get("strides", [1, 1]))


def slice_(a, x, starts, ends, axes=None, steps=None):
    axes = range(len(starts)) if axes is None else axes.tolist()
    for i, axis in enumerate(axes):
        step = 1 if steps is None else int(steps[i])
        cut = tuple([slice(None)] * (axis % x.dim()) + [slice(int(starts[i]), int(ends[i]), step)])
        x = x[cut] if step > 0 else torch.from_numpy(x.numpy()[cut].copy())
    return x


def pad(a, x, pads, value=None):
    before, after = pads[:x.dim()].tolist(), pads[x.dim():].tolist()
    assert a.get("mode", b"constant") == b"constant"
    return F.pad(x, [n for pair in reversed(list(zip(before, after))) for n in pair], value=0.0 if value is None else float(value))


def hard_sigmoid(a, x):
    return torch.clamp(x * a.get("alpha", 0.2) + a.get("beta", 0.5), 0, 1)


def instance_norm(a, x, scale, shift):
    return F.instance_norm(x, weight=scale, bias=shift, eps=a.get("epsilon", 1e-5))


def layer_norm(a, x, scale, shift=None):
    return F.layer_norm(x, x.shape[a.get("axis", -1):], scale, shift, a.get("epsilon", 1e-5))


def reshape(a, x, shape):
    return x.reshape([x.shape[i] if n == 0 else n for i, n in enumerate(shape.tolist())])


OPERATORS = {
    "Conv": conv, "Gemm": gemm, "Clip": clip, "MaxPool": max_pool, "BatchNormalization": batch_norm, "ReduceMean": reduce_mean, "Reshape": reshape,
    "Relu": lambda a, x: x.relu(), "Add": lambda a, x, y: x + y, "Dropout": lambda a, x: x,
    "GlobalAveragePool": lambda a, x: x.mean((2, 3), keepdim=True), "Concat": lambda a, *x: torch.cat(x, a["axis"]),
    "AveragePool": average_pool, "Slice": slice_, "Pad": pad, "HardSigmoid": hard_sigmoid, "LayerNormalization": layer_norm, "InstanceNormalization": instance_norm,
    "HardSwish": lambda a, x: x * hard_sigmoid({"alpha": 1 / 6}, x), "Sigmoid": lambda a, x: x.sigmoid(), "Erf": lambda a, x: x.erf(), "Sqrt": lambda a, x: x.sqrt(),
    "Sub": lambda a, x, y: x - y, "Mul": lambda a, x, y: x * y, "Pow": lambda a, x, y: x ** y, "MatMul": lambda a, x, y: x @ y,
    "Div": lambda a, x, y: torch.div(x, y, rounding_mode=None if x.is_floating_point() else "trunc"), "Identity": lambda a, x: x,
    "Flatten": lambda a, x: x.flatten(a.get("axis", 1)), "Transpose": lambda a, x: x.permute(a["perm"]),
    "ConstantOfShape": lambda a, sizes: torch.from_numpy(numpy.full(sizes.tolist(), numpy_helper.to_array(a["value"])[0])),
    "Split": lambda a, x, sizes: torch.split(x, sizes.tolist(), a["axis"]),
    "Cast": lambda a, x: x if a["to"] == 7 and not x.is_floating_point() else unknown_cast(a),
    "Shape": lambda a, x: torch.tensor(x.shape), "Gather": lambda a, x, i: x[i], "Unsqueeze": lambda a, x, axes=None: x.reshape(1),
    "Constant": lambda a: leaf(numpy_helper.to_array(a["value"]), False),
}


def unknown_cast(a):
    raise NotImplementedError(f"Cast to {a['to']}")


def leaf(array, trained):
    tensor = torch.from_numpy(numpy.array(array))
    return tensor.double().requires_grad_(trained and tensor.dim() > 0) if tensor.is_floating_point() else tensor


def run(model, x):
    statistics = {name for node in model.graph.node if node.op_type == "BatchNormalization" for name in node.input[3:]}
    values = {t.name: leaf(numpy_helper.to_array(t), t.name not in statistics) for t in model.graph.initializer}
    weights = {name: value for name, value in values.items() if value.requires_grad}
    (image,) = [i.name for i in model.graph.input if i.name not in values]
    values[image] = x
    last = None
    for node in model.graph.node:
        if node.op_type == "Softmax":
            break
        inputs = [values[name] if name else None for name in node.input]
        last = OPERATORS[node.op_type](attributes(node), *inputs)
        values.update(zip(node.output, last if isinstance(last, tuple) else (last,)))
    return last, weights


def samples(gradient):
    flat = gradient.reshape(-1)
    return [[i, number(float(flat[i]))] for i in sorted({k * (len(flat) - 1) // (SAMPLES - 1) for k in range(SAMPLES)})]


def network(folder, name, size, batch=2):
    path = folder / f"{name}.onnx"
    logits, weights = run(onnx.load(path), images(batch, size))
    flat = logits.reshape(-1)
    loss = (torch.sin(1.0 + torch.arange(len(flat))) * flat).sum()
    gradients = torch.autograd.grad(loss, list(weights.values()), allow_unused=True)
    rows = [{"name": w, "shape": list(g.shape), "norm": number(float(g.norm())), "samples": samples(g)}
            for w, g in zip(weights, gradients) if g is not None]
    return {"network": name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "batch": batch, "size": size, "loss": number(float(loss)),
            "logits": [number(v) for v in flat.tolist()[:50]], "weights": rows}


if __name__ == "__main__":
    where = pathlib.Path(sys.argv[1])
    write("imported.json", {"torch": torch.__version__}, "networks", [network(where, name, size) for name, size in NETWORKS.items()])
