"""What training and scoring on many machines would take, by a model of their time.

/usr/bin/python3 bench/scaling.py prints the tables of docs/scaling.md. What was measured and what is assumed stands below. A step of
N machines with b images each takes

    (fixed + b * image) * (1 + spread * sqrt(2 ln N)) + sum of gradients

where the second factor is about the mean of the slowest of N, when times vary by that spread. Gradients of M bytes are summed

    directly (what this library does: each machine sums a part of them)   2 (N-1) message + 2 latency + 2 (N-1)/N M / bandwidth
    in a ring                                                            2 (N-1) (latency + M / (N bandwidth))
    in a tree, up and down                                               2 log2 N (latency + M / bandwidth)
"""
import math

# Measured, as docs/scaling.md says: seconds of a step with so many images are fixed + images * image.
NETWORKS = {
    "MobileNetV2, 224×224": dict(bytes=9.1e6, fixed=0.0, image=32.9e-3),
    "Keras's CIFAR-10 network": dict(bytes=5.0e6, fixed=2.7e-3, image=1.01e-3),
}
# Seconds of a message between two processes of one machine.
MESSAGE = 2e-6
# Seconds of scoring a picture with MobileNetV2, of listing one, bytes of its name, seconds of merging one.
SCORED = 1 / 179
LISTED = 15e-6
NAME = 400
MERGED = 7e-6

# Assumed: the usual order of magnitude of such networks, and of how much one machine differs from the next.
LINKS = {"10 Gbit/s": dict(latency=30e-6, bandwidth=1.1e9), "100 Gbit/s": dict(latency=3e-6, bandwidth=11e9)}
SPREAD = 0.03
PICTURE = 100e3

MACHINES = (1, 8, 64, 1024)


def direct(n, size, link):
    return 2 * (n - 1) * MESSAGE + 2 * link["latency"] + 2 * (n - 1) / n * size / link["bandwidth"] if n > 1 else 0


def ring(n, size, link):
    return 2 * (n - 1) * (link["latency"] + size / n / link["bandwidth"])


def tree(n, size, link):
    return 2 * math.ceil(math.log2(n)) * (link["latency"] + size / link["bandwidth"])


def computed(n, images, network):
    return (network["fixed"] + images * network["image"]) * (1 + SPREAD * math.sqrt(2 * math.log(n)))


def training(images_of):
    for name, network in NETWORKS.items():
        for speed, link in LINKS.items():
            for n in MACHINES:
                images = images_of(n)
                alone = 1 / (network["fixed"] / images_of(1) + network["image"])
                cells = []
                for way in (direct, ring, tree):
                    step = computed(n, images, network) + way(n, network["bytes"], link)
                    rate = n * images / step
                    cells.append(f"{rate:,.0f} ({rate / alone / n:.0%})")
                needed = n * images / (computed(n, images, network) + direct(n, network["bytes"], link)) * PICTURE / 1e9
                print(f"| {name} | {speed} | {n:,} | {n * images:,.0f} | {' | '.join(cells)} | {needed:,.2f} GB/s |")


def scoring(pictures):
    for n in MACHINES:
        hours = (pictures / n * SCORED + pictures * LISTED) / 3600
        print(f"| {pictures:,} | {n:,} | {hours:,.1f} h | {pictures * LISTED / 3600:,.2f} h, {pictures * NAME / 1e9:,.1f} GB | "
              f"{pictures * MERGED / 3600:,.2f} h | {PICTURE * pictures / (hours * 3600) / 1e9:,.2f} GB/s |")


if __name__ == "__main__":
    print("32 images a machine:")
    training(lambda n: 32)
    print("256 images in all, or one a machine:")
    training(lambda n: max(1, 256 / n))
    print("Scoring:")
    scoring(10_000_000)
    scoring(1_000_000_000)
