"""Arithmetic with broadcasting, activations and other functions of single numbers."""
import math

import torch
import torch.nn.functional as F

from golden import Draw, case


def binary(name, op, formula, a, b, positive=False):
    draw = Draw(name)
    make = draw.positive if positive else draw
    return case(name, op, [make(*a), make(*b)], formula, (0, 1))


def several(name, op, formula, *shapes):
    draw = Draw(name)
    values = draw(sum(math.prod(shape) for shape in shapes))
    parts = values.split([math.prod(shape) for shape in shapes])
    return case(name, op, [part.reshape(shape) for part, shape in zip(parts, shapes)], formula, range(len(shapes)))


def unary(name, op, formula, positive=False, low=-2.0, high=2.0, **attributes):
    draw = Draw(name)
    x = draw.positive(2, 3, 4) if positive else draw(2, 3, 4, low=low, high=high)
    return case(name, op, [x], formula, **attributes)


def clip(name, low, high):
    bounds = [None if bound is None else torch.tensor(bound) for bound in (low, high)]
    inputs = [Draw(name)(3, 5)] + (bounds if high is not None else bounds[:1] if low is not None else [])
    return case(name, "Clip", inputs, lambda x, *bounds: x.clamp(low, high))


def arithmetic():
    pairs = {"same_shape": ((2, 3), (2, 3)), "second_broadcast": ((2, 3, 4), (3, 1)), "first_broadcast": ((4,), (2, 3, 4)),
             "both_broadcast": ((2, 1, 4), (3, 1)), "scalar": ((2, 3), ())}
    rows = [binary(f"{op.lower()}_{how}", op, formula, a, b, positive=op in ("Div", "Pow"))
            for op, formula in (("Add", torch.add), ("Sub", torch.sub), ("Mul", torch.mul), ("Div", torch.div), ("Pow", torch.pow))
            for how, (a, b) in pairs.items()]
    for exponent in (2.0, 3.0, 0.5, -1.0, 0.0):
        name = f"pow_constant_exponent_{exponent:g}".replace("-", "minus_").replace(".", "_")
        draw = Draw(name)
        x = draw(2, 4) if exponent in (2.0, 3.0) else draw.positive(2, 4)
        rows.append(case(name, "Pow", [x, torch.tensor(exponent)], torch.pow))
    for op, formula in (("Min", torch.minimum), ("Max", torch.maximum)):
        rows += [several(f"{op.lower()}_same_shape", op, formula, (3, 4), (3, 4)),
                 several(f"{op.lower()}_broadcast", op, formula, (3, 4), (2, 1, 4)),
                 several(f"{op.lower()}_of_three", op, lambda a, b, c, f=formula: f(f(a, b), c), (2, 4), (2, 1), (4,)),
                 several(f"{op.lower()}_of_one", op, lambda a: a * 1, (2, 4))]
    rows += [several("sum_of_three_broadcast", "Sum", lambda a, b, c: a + b + c, (2, 3, 4), (3, 1), (4,)),
             several("sum_of_one", "Sum", lambda a: a * 1, (2, 3)),
             several("mean_of_three_broadcast", "Mean", lambda a, b, c: (a + b + c) / 3, (2, 3, 4), (3, 1), (4,))]
    condition = torch.tensor([[True, False, True], [False, False, True]])
    draw = Draw("where")
    rows += [case("where_same_shape", "Where", [condition, draw(2, 3), draw(2, 3)], torch.where, (1, 2)),
             case("where_broadcast_choices", "Where", [condition, draw(3), draw(2, 1)], torch.where, (1, 2)),
             case("where_broadcast_condition", "Where", [condition[:, :1], draw(3, 2, 4), draw(4)], torch.where, (1, 2))]
    return rows


def functions():
    slope = torch.tensor
    return [
        unary("neg", "Neg", torch.neg), unary("abs", "Abs", torch.abs), unary("identity", "Identity", lambda x: x * 1),
        unary("cast_float_to_float", "Cast", lambda x: x * 1, to=1),
        unary("exp", "Exp", torch.exp), unary("log", "Log", torch.log, positive=True), unary("sqrt", "Sqrt", torch.sqrt, positive=True),
        unary("reciprocal", "Reciprocal", torch.reciprocal, positive=True), unary("erf", "Erf", torch.erf),
        unary("relu", "Relu", torch.relu),
        unary("leaky_relu_default", "LeakyRelu", lambda x: F.leaky_relu(x, 0.01)),
        unary("leaky_relu_0_2", "LeakyRelu", lambda x: F.leaky_relu(x, 0.2), alpha=0.2),
        unary("elu_default", "Elu", F.elu), unary("elu_1_5", "Elu", lambda x: F.elu(x, 1.5), alpha=1.5),
        unary("selu", "Selu", F.selu), unary("celu_alpha", "Celu", lambda x: F.celu(x, 0.7), alpha=0.7),
        unary("thresholded_relu_alpha", "ThresholdedRelu", lambda x: F.threshold(x, 0.6, 0), alpha=0.6),
        unary("sin", "Sin", torch.sin), unary("cos", "Cos", torch.cos),
        unary("sigmoid", "Sigmoid", torch.sigmoid, low=-6, high=6), unary("tanh", "Tanh", torch.tanh),
        unary("softplus", "Softplus", F.softplus), unary("softsign", "Softsign", F.softsign),
        unary("softplus_far", "Softplus", lambda x: torch.logaddexp(x, torch.zeros(())), low=-60, high=60),
        unary("hard_sigmoid_default", "HardSigmoid", lambda x: (0.2 * x + 0.5).clamp(0, 1), low=-4, high=4),
        unary("hard_sigmoid_sixth", "HardSigmoid", F.hardsigmoid, low=-4, high=4, alpha=1 / 6, beta=0.5),
        unary("hard_swish", "HardSwish", F.hardswish, low=-4, high=4),
        unary("gelu", "Gelu", lambda x: 0.5 * x * (1 + torch.erf(x / math.sqrt(2)))),
        unary("gelu_tanh", "Gelu", lambda x: 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3))), approximate="tanh"),
        clip("clip_both", -0.755, 1.105), clip("clip_minimum_only", -0.5051, None), clip("clip_maximum_only", None, 0.6051),
        prelu("prelu_per_channel", (3, 1, 1)), prelu("prelu_shared", (1,)), prelu("prelu_full", (3, 2, 2)),
        case("dropout_inference", "Dropout", [Draw("dropout")(2, 5), slope(0.5), slope(False)], lambda x, ratio, training: x * 1),
    ]


def prelu(name, slope):
    draw = Draw(name)
    return case(name, "PRelu", [draw(2, 3, 2, 2), draw(*slope)], lambda x, a: torch.where(x > 0, x, a * x), (0, 1))


def cases():
    return arithmetic() + functions()
