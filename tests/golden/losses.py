"""Golden values of categorical cross-entropy from logits. Run: /usr/bin/python3 tests/golden/losses.py

Writes losses.json. Per sample: l = -sum_k t_k log softmax(z)_k with t = (1 - smoothing) onehot + smoothing / classes, and
w = the weight of the true class. Two reductions, by name:
  mean_over_batch    sum(w l) / N        (Keras's)
  mean_over_weights  sum(w l) / sum(w)   (PyTorch's)
"""
import torch
import torch.nn.functional as F

from golden import Draw, ints, number, tensor, write

REDUCTIONS = {"mean_over_batch": lambda l, w: (w * l).sum() / len(l), "mean_over_weights": lambda l, w: (w * l).sum() / w.sum()}


def loss_case(name, logits, labels, smoothing=0.0, weights=None):
    leaf = logits.clone().requires_grad_()
    classes = logits.shape[1]
    targets = (1 - smoothing) * F.one_hot(labels, classes) + smoothing / classes
    per_sample = -(targets * torch.log_softmax(leaf, 1)).sum(1)
    sample_weights = torch.ones(len(labels)) if weights is None else weights[labels]
    row = {"name": name, "smoothing": smoothing, "logits": tensor(logits), "labels": tensor(labels), "class_weights": tensor(weights),
           "per_sample": tensor(per_sample)}
    for reduction, reduce in REDUCTIONS.items():
        loss = reduce(per_sample, sample_weights)
        if weights is None or (smoothing == 0 and reduction == "mean_over_weights"):
            assert torch.allclose(loss, F.cross_entropy(leaf, labels, weights, label_smoothing=smoothing))
        row[reduction] = {"loss": number(float(loss)), "gradient": tensor(torch.autograd.grad(loss, leaf, retain_graph=True)[0])}
    return row


def rows():
    weights = torch.tensor([0.5, 1.0, 2.0, 4.0])
    logits, labels = Draw("loss")(6, 4, low=-4, high=4), ints(0, 1, 2, 3, 3, 1)
    for smoothing in (0.0, 0.1):
        end = "" if smoothing == 0 else "_smoothing"
        yield loss_case("cross_entropy" + end, logits, labels, smoothing)
        yield loss_case("cross_entropy_class_weights" + end, logits, labels, smoothing, weights)
    yield loss_case("cross_entropy_far_logits", torch.tensor([[200.0, 0.0, -200.0], [0.0, 90.0, 90.0]]), ints(2, 1), 0.1)
    yield loss_case("cross_entropy_two_classes_one_sample", Draw("pair")(1, 2), ints(1))


if __name__ == "__main__":
    write("losses.json", {"loss": "categorical cross-entropy from logits"}, "cases", list(rows()))
