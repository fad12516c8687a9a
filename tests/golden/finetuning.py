"""The network of network.py trained for four updates by torch.optim with what fine-tuning adds, in float64. Run: /usr/bin/python3 tests/golden/finetuning.py

Writes finetuning.json: for each case what it is made of, the losses of its batches, and at its end the weights and moving statistics,
and their averages where it has any. Gradients are clipped by torch.nn.utils, rates are torch's parameter groups; what is accumulated
are gradients of the sum of the losses over the number of samples of all batches of an update, each batch normalised by its own
statistics. The average is timm's ModelEmaV3 with its warm-up: decay 0 at the first update, then min(decay, 1 - (1 + s)^(-2/3)).
Frozen weights have no gradient, and their batch norm takes its moving statistics; Adam counts the updates of each weight on its own.
With "one_cycle" torch's OneCycleLR sets rate and momentum (Adam's beta1) of each update; SGD is in Keras's form there, where the rate is part of the
velocity: torch.optim.SGD at rate 1 with gradients times the rate. epsilon is 1e-30, as torch and Keras place it differently.
"""
import torch
import torch.nn.functional as F

from golden import Draw, ints, number, write
from network import logits, named, start

UPDATES, RATE, DECAY = 4, 0.02, 0.9
GROUPS = {"conv.kernel": 0, "batch_norm.scale": 0, "batch_norm.bias": 0, "depthwise.kernel": 1, "depthwise.bias": 1}
OPTIMIZERS = {
    "sgd": lambda groups: torch.optim.SGD(groups, lr=RATE, momentum=0.9),
    "adam": lambda groups: torch.optim.Adam(groups, lr=RATE, eps=1e-30),
    "adamw": lambda groups: torch.optim.AdamW(groups, lr=RATE, eps=1e-30, weight_decay=0.01),
}
CASES = [
    dict(name="clip_norm", optimizer="sgd", norm=0.186),
    dict(name="clip_value", optimizer="sgd", value=0.05),
    dict(name="clip_both", optimizer="sgd", value=0.03, norm=0.1),
    dict(name="rates", optimizer="adamw", factors=[0.01, 0.1, 1]),
    dict(name="average", optimizer="adam", average=True),
    dict(name="accumulated", optimizer="adam", batches=[4, 2]),
    dict(name="unfrozen", optimizer="adam", factors=[0.1, 0.5, 1], frozen=[1, 1, 0, 0]),
    *[dict(name=f"one_cycle_{name}", optimizer=name, one_cycle=dict(pct_start=0.5, div_factor=5, final_div_factor=20, base_momentum=0.85, max_momentum=0.95)) for name in OPTIMIZERS],
    dict(name="all", optimizer="adamw", factors=[0.01, 0.1, 1], norm=0.1, value=0.03, average=True, batches=[2, 2, 2], frozen=[1, 1, 0, 0]),
]


def average(averages, values, update):
    decay = 0.0 if update == 0 else min(1 - (1 + update) ** (-2 / 3), DECAY)
    return {name: value.detach().clone() if update == 0 else averages[name] * decay + value.detach() * (1 - decay) for name, value in values.items()}


def frozen_logits(w, moving, x):
    return logits(w, moving, x, training=False)[0]


def run(given, x, labels):
    weights, moving = start()
    w = {name: value.clone().requires_grad_() for name, value in weights.items()}
    factors, batches, frozen = given.get("factors", [1]), given.get("batches", [6]), given.get("frozen", [0] * UPDATES)
    group = lambda name: GROUPS.get(name, len(factors) - 1) if len(factors) > 1 else 0
    optimizer = OPTIMIZERS[given["optimizer"]]([{"params": [w[name] for name in w if group(name) == g], "lr": RATE * factor} for g, factor in enumerate(factors)])
    losses, averages, norms, rates, momenta = [], {}, [], [], []
    cycle = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=UPDATES, **given["one_cycle"]) if "one_cycle" in given else None
    for update in range(UPDATES):
        still = frozen[update]
        for name, value in w.items():
            value.grad = None
            value.requires_grad_(group(name) >= still)
        for images, targets in zip(x.split(batches), labels.split(batches)):
            if still:
                scores = frozen_logits(w, moving, images)
            else:
                scores, moving = logits(w, moving, images, training=True)
            losses.append(number(float(F.cross_entropy(scores, targets))))
            (F.cross_entropy(scores, targets, reduction="sum") / len(x)).backward()
        trained = [value for value in w.values() if value.grad is not None]
        if "value" in given:
            torch.nn.utils.clip_grad_value_(trained, given["value"])
        if "norm" in given:
            norms.append(float(torch.nn.utils.clip_grad_norm_(trained, given["norm"])))
        if cycle:
            (only,) = optimizer.param_groups
            rates.append(number(only["lr"]))
            momenta.append(number(only["momentum"] if given["optimizer"] == "sgd" else only["betas"][0]))
        if cycle and given["optimizer"] == "sgd":
            for value in trained:
                value.grad *= only["lr"]
            only["lr"] = 1.0
        optimizer.step()
        if cycle and update + 1 < UPDATES:
            cycle.step()
        if "average" in given:
            averages = average(averages, {**w, **moving}, update)
    if "norm" in given:
        assert max(norms) > given["norm"], norms
    if given["name"] == "clip_norm":
        assert min(norms) < given["norm"], norms
    if cycle:
        given = {**given, "rates": rates, "momenta": momenta}
    return {**given, "losses": losses, "weights": named({**w, **moving}), "averages": named(averages) if averages else None}


if __name__ == "__main__":
    x, labels = Draw("images")(6, 2, 8, 8, low=-4, high=4), ints(0, 1, 2, 0, 1, 2)
    write("finetuning.json", {"rate": RATE, "decay": DECAY, "groups": GROUPS}, "cases", [run(given, x, labels) for given in CASES])
