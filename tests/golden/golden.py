"""What the generators share: deterministic values on a decimal grid, one case of an operator, and how numbers are written."""
import json
import pathlib
import zlib

import numpy
import torch

torch.set_default_dtype(torch.float64)
FOLDER = pathlib.Path(__file__).parent
TYPES = {torch.float64: "float32", torch.int64: "int64", torch.bool: "bool"}


class Draw:
    """Distinct odd multiples of 0.005: no ties for a maximum, no round number where a kink lies, short in the file. Seeded by name."""

    def __init__(self, name):
        self.random = numpy.random.RandomState(zlib.crc32(name.encode()))

    def __call__(self, *shape, low=-2.0, high=2.0):
        grid = [i for i in range(round(low * 200), round(high * 200) + 1) if i % 2]
        count = int(numpy.prod(shape))
        return torch.from_numpy(self.random.choice(grid, count, replace=False) / 200).reshape(shape)

    def positive(self, *shape, low=0.3, high=3.0):
        return self(*shape, low=low, high=high)


def ints(*values):
    return torch.tensor(values, dtype=torch.int64)


def number(value):
    return float(f"{value:.7g}")


def tensor(value):
    """A tensor as the files hold it; None stays None (an absent optional input)."""
    if value is None:
        return None
    flat = value.detach().reshape(-1).tolist()
    values = [number(v) for v in flat] if value.dtype == torch.float64 else [int(v) for v in flat]
    return {"shape": list(value.shape), "type": TYPES[value.dtype], "values": values}


def case(name, op, inputs, formula, differentiable=(0,), gradient_outputs=None, **attributes):
    """Runs the formula forward and back in float64 and checks the gradient by a central difference along one random direction.

    formula: the inputs, as tensors, to one tensor or a tuple of them.
    gradient_outputs: how many outputs, from the first on, have an upstream gradient (all if not given); the others get null.
    """
    leaves = [x.clone().requires_grad_(i in differentiable) if x is not None and x.dtype == torch.float64 else x
              for i, x in enumerate(inputs)]
    outputs = as_tuple(formula(*leaves))
    draw = Draw(name + "/dy")
    count = len(outputs) if gradient_outputs is None else gradient_outputs
    dy = [draw(*y.shape) for y in outputs[:count]]
    loss = sum((y * d).sum() for y, d in zip(outputs, dy))
    gradients = torch.autograd.grad(loss, [leaves[i] for i in differentiable])
    check_by_difference(name, inputs, formula, differentiable, dy, gradients)
    return {
        "name": name, "op": op, "attributes": attributes, "inputs": [tensor(x) for x in inputs],
        "differentiable": list(differentiable), "outputs": [tensor(y) for y in outputs],
        "dy": [tensor(d) for d in dy] + [None] * (len(outputs) - count), "gradients": [tensor(g) for g in gradients],
    }


def as_tuple(outputs):
    return outputs if isinstance(outputs, tuple) else (outputs,)


def check_by_difference(name, inputs, formula, differentiable, dy, gradients, step=1e-6):
    random = numpy.random.RandomState(1)
    directions = {i: torch.from_numpy(random.standard_normal(tuple(inputs[i].shape))) for i in differentiable}

    def loss(sign):
        moved = [x + sign * step * directions[i] if i in directions else x for i, x in enumerate(inputs)]
        return float(sum((y * d).sum() for y, d in zip(as_tuple(formula(*moved)), dy)))

    difference = (loss(1) - loss(-1)) / (2 * step)
    derivative = float(sum((g * directions[i]).sum() for i, g in zip(differentiable, gradients)))
    assert abs(difference - derivative) <= 1e-6 * (1 + abs(derivative)), f"{name}: difference {difference}, gradient {derivative}"


def write(file, head, key, rows):
    """One row a line, so that a change of one case is a change of one line."""
    lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    text = json.dumps(head)[:-1] + f', "{key}": [\n{lines}\n]}}\n'
    (FOLDER / file).write_text(text)
    print(f"{file}: {len(rows)} {key}, {len(text) // 1024} KiB")
