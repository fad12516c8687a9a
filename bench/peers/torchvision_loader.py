"""Images per second of reading a labelled folder with Pillow and torchvision, as people do: pil_loader, Resize, RandomCrop, RandomHorizontalFlip, ToTensor. One JSON line a pass.

Run: /usr/bin/python3 bench/peers/torchvision_loader.py FOLDER [--epochs N] [--images N]
One process, one thread: what one worker of a DataLoader does. `best` and `median` are images per second of eight windows (of the whole pass when there are few images), `processor` images per second of processor time.
"""
import argparse
import json
import random
import time

import torch
from torchvision import datasets, transforms

WARM_UPS, WHOLE_BELOW = 100, 800


def main():
    options = argparse.ArgumentParser()
    options.add_argument("folder")
    options.add_argument("--epochs", type=int, default=1)
    options.add_argument("--images", type=int, default=1_000_000)
    options = options.parse_args()
    torch.set_num_threads(1)
    steps = transforms.Compose([transforms.Resize((224, 224)), transforms.RandomCrop(224, padding=28), transforms.RandomHorizontalFlip(), transforms.ToTensor()])
    images = datasets.ImageFolder(options.folder, steps)
    order = list(range(min(len(images), options.images)))
    windows = 1 if len(order) < WHOLE_BELOW else 8
    for index in order[:min(WARM_UPS, len(order) // 5)]:
        images[index]
    for epoch in range(options.epochs):
        random.Random(epoch).shuffle(order)
        rates, began = [], time.process_time()
        clock, last = time.perf_counter(), 0
        for done, index in enumerate(order, 1):
            images[index]
            if done * windows // len(order) > len(rates):
                now = time.perf_counter()
                rates.append((done - last) / (now - clock))
                clock, last = now, done
        rates.sort()
        print(json.dumps({
            "peer": "torchvision", "epoch": epoch + 1, "best": round(rates[-1], 1), "median": round((rates[(windows - 1) // 2] + rates[windows // 2]) / 2, 1),
            "processor": round(len(order) / (time.process_time() - began), 1),
        }), flush=True)


if __name__ == "__main__":
    main()
