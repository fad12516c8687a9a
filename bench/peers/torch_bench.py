"""Images per second of PyTorch on the CPU. Run: /usr/bin/python3 bench/peers/torch_bench.py --network s4_mnist --mode train --batch 128

Prints one JSON line per variant: both memory layouts; for inference also each of them scripted, frozen and optimised.
Training is forward, cross-entropy, backward and the optimizer's step, on eight batches made beforehand and taken in turn.
"""
import argparse
import itertools
import json
import statistics
import time

import torch
import torchvision
from torch import nn

LAYOUTS = {"nchw": torch.contiguous_format, "channels_last": torch.channels_last}


def keras_cifar10():
    return nn.Sequential(
        nn.Conv2d(3, 32, 3, padding=1), nn.ReLU(), nn.Conv2d(32, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25),
        nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.Conv2d(64, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25),
        nn.Flatten(), nn.Linear(2304, 512), nn.ReLU(), nn.Dropout(0.5), nn.Linear(512, 10))


def s4_mnist():
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(1568, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 10))


def mobilenet_v2():
    return torchvision.models.mobilenet_v2(weights=None, num_classes=10)


def resnet18():
    return torchvision.models.resnet18(weights=None, num_classes=10)


# name: network, input shape, number of weights, optimizer
NETWORKS = {
    "keras_cifar10": (keras_cifar10, (3, 32, 32), 1_250_858, lambda weights: torch.optim.RMSprop(weights, lr=1e-4, alpha=0.9, eps=1e-7)),
    "s4_mnist": (s4_mnist, (1, 28, 28), 223_434, lambda weights: torch.optim.Adam(weights, lr=1e-3, eps=1e-7)),
    "mobilenet_v2": (mobilenet_v2, (3, 224, 224), 2_236_682, lambda weights: torch.optim.SGD(weights, lr=1e-3, momentum=0.9)),
    "resnet18": (resnet18, (3, 224, 224), 11_181_642, lambda weights: torch.optim.SGD(weights, lr=1e-3, momentum=0.9)),
}


def training_step(network, optimizer, batches):
    turn = itertools.cycle(batches)

    def step():
        images, labels = next(turn)
        optimizer.zero_grad(set_to_none=True)
        nn.functional.cross_entropy(network(images), labels).backward()
        optimizer.step()

    return step


def inference_step(network, batches):
    turn = itertools.cycle(batches)

    def step():
        with torch.no_grad():
            network(next(turn)[0])

    return step


def windows(step, batch, seconds, count=10):
    """Images per second, by the clock and of processor time, in each of the windows that share the time, after a fifth of it spent warming up."""
    end = time.perf_counter() + seconds / 5
    while time.perf_counter() < end:
        step()
    rates, processor = [], []
    for _ in range(count):
        start, used, steps = time.perf_counter(), time.process_time(), 0
        while (now := time.perf_counter()) < start + seconds / count or steps == 0:
            step()
            steps += 1
        rates.append(steps * batch / (now - start))
        processor.append(steps * batch / (time.process_time() - used))
    return rates, processor


def variants(arguments):
    build, shape, expected, optimizer = NETWORKS[arguments.network]
    for name, layout in LAYOUTS.items():
        torch.manual_seed(0)
        network = build().to(memory_format=layout)
        weights = sum(p.numel() for p in network.parameters())
        assert weights == expected, f"{arguments.network}: {weights} weights, expected {expected}"
        batches = [(torch.rand(arguments.batch, *shape).contiguous(memory_format=layout), torch.randint(10, (arguments.batch,)))
                   for _ in range(8)]
        if arguments.mode == "train":
            yield name, training_step(network, optimizer(network.parameters()), batches)
        else:
            network.eval()
            yield name, inference_step(network, batches)
            with torch.no_grad():
                frozen = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.script(network)))
            yield name + "_frozen", inference_step(frozen, batches)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--network", choices=NETWORKS, required=True)
    parser.add_argument("--mode", choices=("train", "infer"), required=True)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--seconds", type=float, default=5.0, help="measured time per variant")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.ones(64, 64) @ torch.ones(64, 64)
    if "openblas" not in open("/proc/self/maps").read():
        raise SystemExit("torch_bench: PyTorch runs on the reference BLAS, several times slower than it can be. Install libopenblas0-openmp.")
    for variant, step in variants(arguments):
        rates, processor = windows(step, arguments.batch, arguments.seconds)
        print(json.dumps({"peer": "torch " + torch.__version__, "network": arguments.network, "mode": arguments.mode,
                          "batch": arguments.batch, "threads": arguments.threads, "variant": variant,
                          "median": round(statistics.median(rates), 1), "best": round(max(rates), 1), "per_core": round(max(processor), 1), "windows": len(rates)}), flush=True)


if __name__ == "__main__":
    main()
