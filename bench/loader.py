"""Reading labelled folders, ours against Pillow and torchvision, in alternation, in one run; prints a table. Run: /usr/bin/python3 bench/loader.py FOLDER [rounds] [images]

Both: decode, resize to 224x224, pad by 28 and crop 224x224 at random, flip at random, floats in planes. One worker against one process; ours also with two workers.
Over FOLDER, and over 60 photographs of 12 megapixels made from it by enlarging. `first` fills a cache that was empty, `later` reads from it.
Needs Debian's python3-torchvision, and `dotnet build -c Release bench/MlPipelines.Bench.Loader` first. Nothing else should run on the machine.
Best: the best of eight windows of all rounds. Processor: images per second of processor time, the best round; it is the figure to trust where other work runs.
"""
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

HERE = Path(__file__).parent
OURS = ["dotnet", str(HERE / "MlPipelines.Bench.Loader/bin/Release/net10.0/MlPipelines.Bench.Loader.dll")]
PEER = ["/usr/bin/python3", str(HERE / "peers/torchvision_loader.py")]
CAMERA_IMAGES, CAMERA_PIXELS = 60, 12e6


def run(command):
    output = subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]


def enlarge(folder, target):
    files = sorted(path for path in Path(folder).rglob("*") if path.suffix.lower() in (".jpg", ".jpeg"))
    for number, path in enumerate(files[:: max(1, len(files) // CAMERA_IMAGES)][:CAMERA_IMAGES]):
        with Image.open(path) as image:
            factor = (CAMERA_PIXELS / (image.width * image.height)) ** 0.5
            large = image.convert("RGB").resize((round(image.width * factor), round(image.height * factor)), Image.BICUBIC)
        place = target / path.parent.name
        place.mkdir(parents=True, exist_ok=True)
        large.save(place / f"{number:02}.jpg", quality=90)


def ours(folder, images, workers, scratch):
    cache = scratch / "cache"
    lines = run(OURS + ["--folder", folder, "--cache", cache, "--workers", workers, "--images", images])
    shutil.rmtree(cache)
    return lines[0], lines[1:]


def main():
    folder, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3
    images = int(sys.argv[3]) if len(sys.argv) > 3 else 1_000_000
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.processor())
    print(f"{cpu}, {os.cpu_count()} cores; {rounds} rounds; load at the start {os.getloadavg()[0]:.2f}\n")
    print("| images | pass | ours, best (processor) | Pillow + torchvision, best (processor) | ratio, best (processor) | two workers to one |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as place:
        scratch = Path(place)
        enlarge(folder, scratch / "camera")
        for name, source in (("as they are", folder), ("12 megapixels", scratch / "camera")):
            peers, one, two = [], {"first": [], "later": []}, {"first": [], "later": []}
            for _ in range(rounds):
                for workers, kept in ((1, one), (2, two)):
                    first, later = ours(source, images, workers, scratch)
                    kept["first"].append(first)
                    kept["later"] += later
                peers += run(PEER + [source, "--images", images])
            best, processor = (max(line[key] for line in peers) for key in ("best", "processor"))
            for each in ("first", "later"):
                our_best, our_processor = (max(line[key] for line in one[each]) for key in ("best", "processor"))
                both = max(line["best"] for line in two[each])
                print(f"| {name} | {each} | {our_best:,.0f} ({our_processor:,.0f}) | {best:,.0f} ({processor:,.0f}) | {our_best / best:.2f} ({our_processor / processor:.2f}) | {both / our_best:.2f} |", flush=True)
    print(f"\nload at the end {os.getloadavg()[0]:.2f}")


if __name__ == "__main__":
    main()
