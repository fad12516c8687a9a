"""Operators that move, select or repeat elements. Shapes, axes, pads and indices are constants."""
import torch
import torch.nn.functional as F

from golden import Draw, case, ints


def moved(name, op, shape, formula, *constants, **attributes):
    return case(name, op, [Draw(name)(*shape), *constants], lambda x, *rest: formula(x), **attributes)


def take(x, starts, ends, axes, steps):
    for start, end, axis, step in zip(starts, ends, axes, steps):
        x = x.index_select(axis, torch.tensor(range(x.shape[axis])[start:end:step]))
    return x


def sliced(name, shape, starts, ends, axes=None, steps=None):
    given = [None if v is None else ints(*v) for v in (starts, ends, axes, steps)]
    while given[-1] is None:
        given.pop()
    # A start or end beyond the axis means the axis's own bound, in ONNX as in Python.
    return moved(name, "Slice", shape, lambda x: take(x, starts, ends, axes or range(len(starts)), steps or [1] * len(starts)), *given)


def split(name, shape, sizes, axis):
    return moved(name, "Split", shape, lambda x: tuple(x.split(sizes, axis)), ints(*sizes), axis=axis)


def concat(name, axis, *shapes):
    draw = Draw(name)
    return case(name, "Concat", [draw(*s) for s in shapes], lambda *xs: torch.cat(xs, axis), range(len(shapes)), axis=axis)


def padded(name, shape, pads, mode=None, value=None):
    axes = len(shape)
    torch_pads = [p for axis in reversed(range(axes)) for p in (pads[axis], pads[axis + axes])]
    how = {None: "constant", "constant": "constant", "reflect": "reflect", "edge": "replicate"}[mode]
    inner = torch_pads if how == "constant" else torch_pads[:2 * (axes - 2)]
    fill = {"value": value} if value is not None else {}
    constants = [ints(*pads)] + ([torch.tensor(value)] if value is not None else [])
    return moved(name, "Pad", shape, lambda x: F.pad(x, inner, how, **fill), *constants, **({"mode": mode} if mode else {}))


def gathered(name, shape, indices, axis):
    flat = indices.reshape(-1)
    flat = torch.where(flat < 0, flat + shape[axis], flat)
    target = list(shape[:axis]) + list(indices.shape) + list(shape[axis + 1:])
    return moved(name, "Gather", shape, lambda x: x.index_select(axis, flat).reshape(target), indices, axis=axis)


def resized(name, shape, mode, transformation, scales=None, sizes=None, **more):
    torch_mode = {"nearest": "nearest", "linear": "bilinear"}[mode]
    corners = {"align_corners": transformation == "align_corners"} if mode == "linear" else {}
    target = sizes[2:] if sizes else [int(n * s) for n, s in zip(shape[2:], scales[2:])]
    constants = [None, None if scales is None else torch.tensor(scales)] + ([ints(*sizes)] if sizes else [])
    return moved(name, "Resize", shape, lambda x: F.interpolate(x, tuple(target), mode=torch_mode, **corners), *constants,
                 mode=mode, coordinate_transformation_mode=transformation, **more)


def cases():
    return [
        moved("reshape", "Reshape", (2, 3, 4), lambda x: x.reshape(4, 6), ints(4, 6)),
        moved("reshape_minus_one", "Reshape", (2, 3, 4), lambda x: x.reshape(2, 12), ints(2, -1)),
        moved("reshape_zero_copies_axis", "Reshape", (2, 3, 4), lambda x: x.reshape(2, 2, 6), ints(0, 2, -1)),
        moved("flatten_default", "Flatten", (2, 3, 4), lambda x: x.reshape(2, 12)),
        moved("flatten_axis_2", "Flatten", (2, 3, 4), lambda x: x.reshape(6, 4), axis=2),
        moved("flatten_axis_0", "Flatten", (2, 3, 4), lambda x: x.reshape(1, 24), axis=0),
        moved("flatten_axis_minus_1", "Flatten", (2, 3, 4), lambda x: x.reshape(6, 4), axis=-1),
        moved("transpose_default", "Transpose", (2, 3, 4), lambda x: x.permute(2, 1, 0)),
        moved("transpose_to_channels_last", "Transpose", (2, 3, 4, 5), lambda x: x.permute(0, 2, 3, 1), perm=[0, 2, 3, 1]),
        moved("transpose_cyclic", "Transpose", (2, 3, 4), lambda x: x.permute(1, 2, 0), perm=[1, 2, 0]),
        concat("concat_channels", 1, (2, 2, 3), (2, 1, 3), (2, 4, 3)), concat("concat_minus_1", -1, (2, 3), (2, 2)),
        concat("concat_one", 0, (2, 3)),
        sliced("slice_default_axes", (4, 5), [1, 0], [3, 4]), sliced("slice_one_axis", (2, 5, 3), [1], [4], [1]),
        sliced("slice_steps", (4, 7), [0, 1], [4, 7], [0, 1], [2, 3]), sliced("slice_negative_bounds", (4, 6), [-3, -5], [-1, -1], [0, 1]),
        sliced("slice_negative_step", (3, 5), [4], [0], [1], [-2]), sliced("slice_reversed", (3, 5), [4], [-1000], [1], [-1]),
        sliced("slice_end_beyond", (3, 5), [2], [1000], [-1]),
        split("split_even", (2, 6), [3, 3], 1), split("split_uneven", (2, 7, 2), [1, 4, 2], 1), split("split_negative_axis", (3, 5), [2, 3], -1),
        padded("pad_default", (1, 2, 3, 3), [0, 0, 1, 2, 0, 0, 2, 1]), padded("pad_value", (2, 3), [1, 0, 0, 2], "constant", 0.7),
        padded("pad_all_axes", (2, 2, 2, 2), [0, 1, 0, 1, 1, 0, 1, 0], "constant"),
        padded("pad_reflect", (1, 2, 4, 4), [0, 0, 1, 2, 0, 0, 2, 1], "reflect"), padded("pad_edge", (1, 2, 3, 3), [0, 0, 2, 1, 0, 0, 1, 2], "edge"),
        moved("squeeze_axes", "Squeeze", (2, 1, 3, 1), lambda x: x.reshape(2, 3, 1), ints(1)),
        moved("squeeze_negative_axis", "Squeeze", (2, 1, 3, 1), lambda x: x.reshape(2, 1, 3), ints(-1)),
        moved("squeeze_all", "Squeeze", (2, 1, 3, 1), lambda x: x.reshape(2, 3)),
        moved("unsqueeze", "Unsqueeze", (2, 3), lambda x: x.reshape(1, 2, 3, 1), ints(0, 3)),
        moved("unsqueeze_negative_axis", "Unsqueeze", (2, 3), lambda x: x.reshape(2, 3, 1), ints(-1)),
        moved("expand", "Expand", (3, 1), lambda x: x.expand(2, 3, 4), ints(2, 3, 4)),
        moved("expand_both_ways", "Expand", (2, 1, 4), lambda x: x.expand(2, 3, 4), ints(3, 1)),
        gathered("gather_rows", (4, 3), ints(2, 0, 2), 0), gathered("gather_axis_1", (2, 5, 2), ints(4, 1, 1), 1),
        gathered("gather_matrix_of_indices", (4, 3), torch.tensor([[0, 3], [1, 1]]), 0), gathered("gather_negative_index", (4, 3), ints(-1, 1), 0),
        gathered("gather_scalar_index", (2, 4), torch.tensor(3), 1),
        resized("resize_nearest_2", (1, 2, 3, 3), "nearest", "asymmetric", [1.0, 1.0, 2.0, 2.0], nearest_mode="floor"),
        resized("resize_nearest_2_by_3", (1, 1, 3, 2), "nearest", "asymmetric", [1.0, 1.0, 2.0, 3.0], nearest_mode="floor"),
        resized("resize_nearest_half", (1, 1, 4, 6), "nearest", "asymmetric", [1.0, 1.0, 0.5, 0.5], nearest_mode="floor"),
        resized("resize_linear_2", (1, 2, 3, 3), "linear", "half_pixel", [1.0, 1.0, 2.0, 2.0]),
        resized("resize_linear_sizes", (1, 2, 3, 4), "linear", "half_pixel", sizes=[1, 2, 5, 7]),
        resized("resize_linear_down", (1, 1, 6, 4), "linear", "half_pixel", sizes=[1, 1, 4, 3]),
        moved("depth_to_space", "DepthToSpace", (2, 8, 2, 3), lambda x: x.reshape(2, 2, 2, 2, 2, 3).permute(0, 3, 4, 1, 5, 2).reshape(2, 2, 4, 6), blocksize=2),
        moved("depth_to_space_columns_first", "DepthToSpace", (2, 8, 2, 3), lambda x: F.pixel_shuffle(x, 2), blocksize=2, mode="CRD"),
        moved("space_to_depth", "SpaceToDepth", (2, 2, 4, 6), lambda x: x.reshape(2, 2, 2, 2, 3, 2).permute(0, 3, 5, 1, 2, 4).reshape(2, 8, 2, 3), blocksize=2),
        resized("resize_linear_align_corners", (1, 2, 3, 3), "linear", "align_corners", sizes=[1, 2, 5, 5]),
    ]
