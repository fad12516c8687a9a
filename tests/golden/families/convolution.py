"""Conv and ConvTranspose in ONNX's terms: pads are [begin of each axis, end of each axis]."""
import math

import torch
import torch.nn.functional as F

from golden import Draw, case

CONV = {1: F.conv1d, 2: F.conv2d}
TRANSPOSED = {1: F.conv_transpose1d, 2: F.conv_transpose2d}


def torch_pads(pads):
    """ONNX pads to those of F.pad, which names the last axis first."""
    axes = len(pads) // 2
    return [p for axis in reversed(range(axes)) for p in (pads[axis], pads[axis + axes])]


def same_pads(sizes, kernel, strides, dilations, upper):
    totals = [max((math.ceil(i / s) - 1) * s + (k - 1) * d + 1 - i, 0) for i, k, s, d in zip(sizes, kernel, strides, dilations)]
    small, large = [t // 2 for t in totals], [t - t // 2 for t in totals]
    return small + large if upper else large + small


def conv(name, x, w, bias=True, strides=None, pads=None, dilations=None, group=None, auto_pad=None):
    draw, axes = Draw(name), len(x) - 2
    s, d = strides or [1] * axes, dilations or [1] * axes
    p = same_pads(x[2:], w[2:], s, d, auto_pad == "SAME_UPPER") if auto_pad in ("SAME_UPPER", "SAME_LOWER") else pads or [0] * 2 * axes
    inputs = [draw(*x), draw(*w)] + ([draw(w[0])] if bias else [])
    given = dict(kernel_shape=list(w[2:]), strides=strides, pads=pads, dilations=dilations, group=group, auto_pad=auto_pad)
    return case(name, "Conv", inputs, lambda x, w, b=None: CONV[axes](F.pad(x, torch_pads(p)), w, b, s, 0, d, group or 1),
                range(len(inputs)), **{k: v for k, v in given.items() if v is not None})


def transposed(name, x, w, bias=True, strides=None, pads=None, dilations=None, group=None, output_padding=None):
    draw, axes = Draw(name), len(x) - 2
    s, d, p = strides or [1] * axes, dilations or [1] * axes, pads or [0] * 2 * axes

    def formula(x, w, b=None):
        y = TRANSPOSED[axes](x, w, b, s, 0, output_padding or 0, group or 1, d)
        for axis in range(axes):
            y = y.narrow(axis + 2, p[axis], y.shape[axis + 2] - p[axis] - p[axis + axes])
        return y

    inputs = [draw(*x), draw(*w)] + ([draw(w[1] * (group or 1))] if bias else [])
    given = dict(kernel_shape=list(w[2:]), strides=strides, pads=pads, dilations=dilations, group=group, output_padding=output_padding)
    return case(name, "ConvTranspose", inputs, formula, range(len(inputs)), **{k: v for k, v in given.items() if v is not None})


def cases():
    return [
        conv("conv_plain", (2, 3, 5, 5), (4, 3, 3, 3)),
        conv("conv_without_bias", (2, 3, 5, 5), (4, 3, 3, 3), bias=False, pads=[1, 1, 1, 1]),
        conv("conv_stride_2", (2, 2, 7, 7), (3, 2, 3, 3), strides=[2, 2], pads=[1, 1, 1, 1]),
        conv("conv_stride_2_leaves_a_remainder", (1, 2, 8, 8), (3, 2, 3, 3), strides=[2, 2]),
        conv("conv_strides_differ", (1, 2, 7, 8), (2, 2, 3, 3), strides=[2, 3], pads=[1, 0, 1, 0]),
        conv("conv_asymmetric_pads", (1, 2, 5, 6), (3, 2, 3, 3), pads=[0, 2, 1, 0]),
        conv("conv_asymmetric_pads_stride_2", (1, 2, 6, 6), (2, 2, 3, 3), strides=[2, 2], pads=[0, 0, 1, 1]),
        conv("conv_dilation_2", (1, 2, 7, 7), (2, 2, 3, 3), dilations=[2, 2], pads=[2, 2, 2, 2]),
        conv("conv_dilation_2_stride_2", (1, 2, 9, 9), (2, 2, 3, 3), dilations=[2, 2], strides=[2, 2], pads=[1, 1, 1, 1]),
        conv("conv_groups_2", (2, 4, 5, 5), (6, 2, 3, 3), group=2, pads=[1, 1, 1, 1]),
        conv("conv_depthwise", (2, 3, 6, 6), (3, 1, 3, 3), group=3, pads=[1, 1, 1, 1]),
        conv("conv_depthwise_stride_2", (1, 4, 7, 7), (4, 1, 3, 3), group=4, strides=[2, 2], pads=[1, 1, 1, 1], bias=False),
        conv("conv_depthwise_multiplier_2", (1, 3, 5, 5), (6, 1, 3, 3), group=3),
        conv("conv_pointwise", (2, 3, 4, 4), (5, 3, 1, 1)),
        conv("conv_pointwise_stride_2", (1, 3, 5, 5), (4, 3, 1, 1), strides=[2, 2], bias=False),
        conv("conv_kernel_2_by_5", (1, 2, 5, 8), (3, 2, 2, 5), pads=[1, 2, 0, 2]),
        conv("conv_kernel_covers_input", (2, 3, 4, 4), (5, 3, 4, 4)),
        conv("conv_same_upper_odd", (1, 2, 5, 5), (3, 2, 3, 3), auto_pad="SAME_UPPER", strides=[2, 2]),
        conv("conv_same_upper_even", (1, 2, 6, 6), (3, 2, 3, 3), auto_pad="SAME_UPPER", strides=[2, 2]),
        conv("conv_same_upper_even_kernel", (1, 2, 5, 6), (2, 2, 4, 2), auto_pad="SAME_UPPER"),
        conv("conv_same_lower_even", (1, 2, 6, 6), (3, 2, 3, 3), auto_pad="SAME_LOWER", strides=[2, 2]),
        conv("conv_valid", (1, 2, 6, 6), (2, 2, 3, 3), auto_pad="VALID", strides=[2, 2]),
        conv("conv_one_axis", (2, 3, 9), (4, 3, 3), strides=[2], pads=[1, 0]),
        transposed("conv_transpose_plain", (2, 3, 4, 4), (3, 2, 3, 3)),
        transposed("conv_transpose_stride_2", (1, 3, 4, 4), (3, 2, 3, 3), strides=[2, 2], pads=[1, 1, 1, 1]),
        transposed("conv_transpose_output_padding", (1, 2, 3, 3), (2, 3, 3, 3), strides=[2, 2], pads=[1, 1, 1, 1], output_padding=[1, 1]),
        transposed("conv_transpose_asymmetric_pads", (1, 2, 4, 4), (2, 2, 3, 3), strides=[2, 2], pads=[0, 1, 1, 0], bias=False),
        transposed("conv_transpose_groups_2", (1, 4, 4, 4), (4, 2, 3, 3), group=2, strides=[2, 2], pads=[1, 1, 1, 1]),
        transposed("conv_transpose_depthwise", (1, 3, 4, 4), (3, 1, 3, 3), group=3, strides=[2, 2]),
        transposed("conv_transpose_dilation_2", (1, 2, 4, 4), (2, 2, 3, 3), dilations=[2, 2], pads=[1, 1, 1, 1]),
        transposed("conv_transpose_kernel_2_stride_2", (2, 2, 3, 3), (2, 3, 2, 2), strides=[2, 2]),
        transposed("conv_transpose_one_axis", (1, 2, 5), (2, 3, 3), strides=[2], pads=[1, 1]),
    ]
