"""Reductions. In opset 17 ReduceSum takes its axes as an input, the others as an attribute."""
import torch

from golden import Draw, case, ints

FORMULAS = {"ReduceSum": torch.sum, "ReduceMean": torch.mean, "ReduceMax": torch.amax, "ReduceMin": torch.amin}


def reduced(name, op, axes=None, keepdims=None, shape=(2, 3, 4)):
    every = tuple(axes if axes is not None else range(len(shape)))
    constants = [ints(*axes)] if op == "ReduceSum" and axes is not None else []
    attributes = {"axes": list(axes)} if op != "ReduceSum" and axes is not None else {}
    if keepdims is not None:
        attributes["keepdims"] = keepdims
    return case(name, op, [Draw(name)(*shape)] + constants, lambda x, *rest: FORMULAS[op](x, every, keepdims != 0), **attributes)


def cases():
    rows = []
    for op, word in (("ReduceSum", "sum"), ("ReduceMean", "mean"), ("ReduceMax", "max"), ("ReduceMin", "min")):
        rows += [reduced(f"reduce_{word}_all", op), reduced(f"reduce_{word}_to_scalar", op, keepdims=0),
                 reduced(f"reduce_{word}_axis_1", op, (1,)), reduced(f"reduce_{word}_axis_1_dropped", op, (1,), 0),
                 reduced(f"reduce_{word}_two_axes_dropped", op, (0, 2), 0), reduced(f"reduce_{word}_negative_axis", op, (-1,), 1)]
    none = Draw("reduce_sum_noop")(2, 3)
    return rows + [case("reduce_sum_noop_with_empty_axes", "ReduceSum", [none, ints()], lambda x, axes: x * 1, noop_with_empty_axes=1)]
