"""Pooling in ONNX's terms; the window beyond the padded input that ceil_mode adds is never counted."""
import math

import torch
import torch.nn.functional as F

from families.convolution import same_pads, torch_pads
from golden import Draw, case


def window_pads(sizes, kernel, strides, pads, dilations, ceil_mode):
    """The pads, and those plus what ceil_mode needs at the end."""
    beyond = []
    for axis, (i, k, s, d) in enumerate(zip(sizes, kernel, strides, dilations)):
        space = i + pads[axis] + pads[axis + len(sizes)] - ((k - 1) * d + 1)
        windows = (math.ceil(space / s) if ceil_mode else space // s) + 1
        beyond.append(max(0, (windows - 1) * s - space))
    axes = len(sizes)
    return pads[:axes] + [p + b for p, b in zip(pads[axes:], beyond)]


def pool(name, op, x, kernel, strides=None, pads=None, dilations=None, ceil_mode=None, count_include_pad=None, auto_pad=None):
    s, d = strides or [1, 1], dilations or [1, 1]
    p = same_pads(x[2:], kernel, s, d, auto_pad == "SAME_UPPER") if auto_pad else pads or [0, 0, 0, 0]
    all_pads = torch_pads(window_pads(x[2:], kernel, s, p, d, ceil_mode))

    def maximum(x):
        return F.max_pool2d(F.pad(x, all_pads, value=-math.inf), kernel, s, 0, d)

    def average(x):
        counted = F.pad(torch.ones_like(x), torch_pads(p), value=float(count_include_pad or 0))
        rest = [whole - part for whole, part in zip(all_pads, torch_pads(p))]
        share = F.avg_pool2d(F.pad(counted, rest), kernel, s)
        return F.avg_pool2d(F.pad(x, all_pads), kernel, s) / share

    given = dict(kernel_shape=list(kernel), strides=strides, pads=pads, dilations=dilations, ceil_mode=ceil_mode,
                 count_include_pad=count_include_pad, auto_pad=auto_pad)
    return case(name, op, [Draw(name)(*x)], maximum if op == "MaxPool" else average, **{k: v for k, v in given.items() if v is not None})


def cases():
    m, a = "MaxPool", "AveragePool"
    return [
        pool("max_pool_2", m, (2, 3, 6, 6), [2, 2], [2, 2]),
        pool("max_pool_2_leaves_a_remainder", m, (1, 2, 7, 5), [2, 2], [2, 2]),
        pool("max_pool_overlapping", m, (1, 2, 7, 7), [3, 3], [2, 2]),
        pool("max_pool_stride_1", m, (1, 2, 5, 5), [3, 3], pads=[1, 1, 1, 1]),
        pool("max_pool_pads", m, (1, 3, 6, 6), [3, 3], [2, 2], pads=[1, 1, 1, 1]),
        pool("max_pool_asymmetric_pads", m, (1, 2, 6, 6), [3, 3], [2, 2], pads=[0, 0, 1, 1]),
        pool("max_pool_ceil", m, (1, 2, 8, 8), [3, 3], [2, 2], ceil_mode=1),
        pool("max_pool_same_upper", m, (1, 2, 6, 7), [3, 3], [2, 2], auto_pad="SAME_UPPER"),
        pool("max_pool_dilation_2", m, (1, 2, 7, 7), [2, 2], [1, 1], dilations=[2, 2]),
        pool("max_pool_2_by_3", m, (1, 2, 6, 6), [2, 3], [1, 2]),
        pool("max_pool_gaps_between_windows", m, (1, 2, 8, 8), [2, 2], [3, 3]),
        pool("average_pool_2", a, (2, 3, 6, 6), [2, 2], [2, 2]),
        pool("average_pool_overlapping", a, (1, 2, 7, 7), [3, 3], [2, 2]),
        pool("average_pool_pads_not_counted", a, (1, 2, 6, 6), [3, 3], [2, 2], pads=[1, 1, 1, 1], count_include_pad=0),
        pool("average_pool_pads_counted", a, (1, 2, 6, 6), [3, 3], [2, 2], pads=[1, 1, 1, 1], count_include_pad=1),
        pool("average_pool_asymmetric_pads", a, (1, 2, 5, 5), [3, 3], [1, 1], pads=[0, 1, 1, 0]),
        pool("average_pool_ceil", a, (1, 2, 8, 8), [3, 3], [2, 2], ceil_mode=1),
        pool("average_pool_same_upper", a, (1, 2, 6, 6), [3, 3], [2, 2], auto_pad="SAME_UPPER"),
        pool("average_pool_2_by_3", a, (1, 2, 5, 7), [2, 3], [2, 1]),
        case("global_average_pool", "GlobalAveragePool", [Draw("gap")(2, 3, 4, 5)], lambda x: x.mean((2, 3), keepdim=True)),
        case("global_max_pool", "GlobalMaxPool", [Draw("gmp")(2, 3, 4, 5)], lambda x: x.amax((2, 3), keepdim=True)),
    ]
