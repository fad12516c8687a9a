"""Augmented CIFAR-10 samples per second of Pillow and torchvision on one core. Run: /usr/bin/python3 bench/peers/torchvision_augment.py FOLDER [seconds]

One JSON line a recipe, of the names of `MlPipelines.Bench --mode augment`: the images are in memory; each becomes a tensor.
"""
import json
import sys
import time
from pathlib import Path

import numpy
import torch
from PIL import Image
from torchvision import transforms
from torchvision.transforms.functional import InterpolationMode

COUNT = 2000
BILINEAR = InterpolationMode.BILINEAR


def recipes():
    tensor = transforms.ToTensor()
    yield "nothing", [tensor]
    yield "shift + rotate + flip + erase", [
        transforms.RandomAffine(15, translate=(0.1, 0.1), interpolation=BILINEAR), transforms.RandomHorizontalFlip(), tensor, transforms.RandomErasing()]
    yield "flip", [transforms.RandomHorizontalFlip(), tensor]
    yield "pad and crop", [transforms.RandomCrop(32, padding=4), tensor]
    yield "resized crop", [transforms.RandomResizedCrop(32), tensor]
    yield "perspective", [transforms.RandomPerspective(p=1), tensor]
    yield "brightness", [transforms.ColorJitter(brightness=0.2), tensor]
    yield "contrast", [transforms.ColorJitter(contrast=0.2), tensor]
    yield "saturation", [transforms.ColorJitter(saturation=0.2), tensor]
    yield "hue", [transforms.ColorJitter(hue=0.1), tensor]
    yield "grey", [transforms.RandomGrayscale(1), tensor]
    yield "blur", [transforms.GaussianBlur(5, (0.5, 2)), tensor]


def images(folder):
    records = numpy.fromfile(Path(folder) / "data_batch_1.bin", numpy.uint8, COUNT * 3073).reshape(COUNT, 3073)
    return [Image.fromarray(numpy.ascontiguousarray(record[1:].reshape(3, 32, 32).transpose(1, 2, 0))) for record in records]


def rate(change, pictures, seconds):
    """Samples per second by the clock, and by the processor time taken."""
    start, processor, count = time.perf_counter(), time.process_time(), 0
    while time.perf_counter() < start + seconds:
        for picture in pictures[count % COUNT:count % COUNT + 50]:
            change(picture)
        count += 50
    return count / (time.perf_counter() - start), count / (time.process_time() - processor)


def main():
    torch.set_num_threads(1)
    torch.manual_seed(1)
    pictures, seconds = images(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 2.0
    for name, steps in recipes():
        change = transforms.Compose(steps)
        rate(change, pictures, seconds / 10)
        rates = [rate(change, pictures, seconds / 10) for _ in range(10)]
        print(json.dumps({"peer": "torchvision", "name": name, "best": round(max(clock for clock, _ in rates), 1), "per_core": round(max(processor for _, processor in rates), 1)}), flush=True)


if __name__ == "__main__":
    main()
