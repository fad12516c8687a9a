"""Softmax and the normalisations. BatchNormalization in ONNX: running = momentum * running + (1 - momentum) * batch, population variance."""
import torch
import torch.nn.functional as F

from golden import Draw, case


def softmax(name, op, shape, axis=None):
    function = torch.softmax if op == "Softmax" else torch.log_softmax
    attributes = {} if axis is None else {"axis": axis}
    return case(name, op, [Draw(name)(*shape)], lambda x: function(x, -1 if axis is None else axis), **attributes)


def per_channel(v, x):
    return v.reshape([-1] + [1] * (x.dim() - 2))


def batch_norm(name, shape, training, epsilon=None, momentum=None):
    e, m, axes = epsilon or 1e-5, momentum or 0.9, [0] + list(range(2, len(shape)))

    def inference(x, scale, bias, mean, var):
        return (x - per_channel(mean, x)) / per_channel((var + e).sqrt(), x) * per_channel(scale, x) + per_channel(bias, x)

    def train(x, scale, bias, mean, var):
        batch_mean, batch_var = x.mean(axes), x.var(axes, unbiased=False)
        y = inference(x, scale, bias, batch_mean, batch_var)
        assert torch.allclose(y, F.batch_norm(x, None, None, scale, bias, True, 0, e))
        return y, m * mean + (1 - m) * batch_mean, m * var + (1 - m) * batch_var

    draw, c = Draw(name), shape[1]
    inputs = [draw(*shape), draw(c), draw(c), draw(c), draw.positive(c)]
    given = dict(epsilon=epsilon, momentum=momentum, training_mode=1 if training else None)
    return case(name, "BatchNormalization", inputs, train if training else inference, (0, 1, 2), 1,
                **{k: v for k, v in given.items() if v is not None})


def lrn(name, shape, size, **attributes):
    alpha, beta, bias = (attributes.get(k, v) for k, v in (("alpha", 1e-4), ("beta", 0.75), ("bias", 1.0)))

    def formula(x):
        before, after = (size - 1) // 2, size // 2
        squares = F.pad(x * x, [0, 0] * (x.dim() - 2) + [before, after])
        total = sum(squares.narrow(1, i, x.shape[1]) for i in range(size))
        y = x / (bias + alpha / size * total) ** beta
        assert torch.allclose(y, F.local_response_norm(x, size, alpha, beta, bias))
        return y

    return case(name, "LRN", [Draw(name)(*shape)], formula, size=size, **attributes)


def instance_norm(name, shape, epsilon):
    def formula(x, scale, bias):
        return F.instance_norm(x, weight=scale, bias=bias, eps=epsilon)

    draw = Draw(name)
    return case(name, "InstanceNormalization", [draw(*shape), draw(shape[1]), draw(shape[1])], formula, (0, 1, 2), epsilon=epsilon)


def layer_norm(name, shape, axis, bias=True):
    normal = shape[axis:]
    draw = Draw(name)
    inputs = [draw(*shape), draw(*normal)] + ([draw(*normal)] if bias else [])
    return case(name, "LayerNormalization", inputs, lambda x, scale, bias=None: F.layer_norm(x, normal, scale, bias, 1e-5),
                range(len(inputs)), axis=axis)


def cases():
    return [
        softmax("softmax_default_axis", "Softmax", (3, 5)), softmax("softmax_axis_1", "Softmax", (2, 3, 4), 1),
        softmax("softmax_axis_0", "Softmax", (4, 3), 0), softmax("softmax_axis_minus_2", "Softmax", (2, 3, 2, 2), -2),
        softmax("log_softmax_default_axis", "LogSoftmax", (3, 5)), softmax("log_softmax_axis_1", "LogSoftmax", (2, 3, 4), 1),
        softmax("log_softmax_axis_0", "LogSoftmax", (4, 3), 0),
        batch_norm("batch_norm_inference", (2, 3, 3, 3), False), batch_norm("batch_norm_inference_epsilon", (2, 3, 2, 2), False, 1e-3),
        batch_norm("batch_norm_inference_matrix", (4, 3), False),
        batch_norm("batch_norm_training", (3, 3, 3, 3), True), batch_norm("batch_norm_training_keras", (3, 2, 3, 3), True, 1e-3, 0.99),
        batch_norm("batch_norm_training_matrix", (6, 3), True, 1e-3, 0.5),
        lrn("lrn_size_5", (2, 7, 2, 2), 5), lrn("lrn_size_5_strong", (2, 7, 2, 2), 5, alpha=0.5, beta=0.6, bias=2.0),
        lrn("lrn_size_3", (1, 4, 3, 3), 3, alpha=0.9),
        instance_norm("instance_norm", (2, 3, 3, 4), 1e-3),
        layer_norm("layer_norm_last_axis", (2, 3, 5), -1), layer_norm("layer_norm_two_axes", (2, 3, 5), -2),
        layer_norm("layer_norm_without_bias", (2, 3, 5), -1, bias=False),
    ]
