"""Augmenting CIFAR-10 in memory: ours (one reading thread) against Pillow + torchvision (one thread), in alternation, in one run; prints a table.

Run: /usr/bin/python3 bench/augment.py FOLDER [rounds] [seconds], FOLDER with data_batch_1.bin; needs Debian's python3-torchvision,
and `dotnet build -c Release bench/MlPipelines.Bench` first. A sample is what a network takes: numbers, channel by channel.
Figures are samples per second of processor time, the whole process counted, garbage collection too: the best window of all rounds.
"""
import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
OURS = ["dotnet", str(HERE / "MlPipelines.Bench/bin/Release/net10.0/MlPipelines.Bench.dll"), "--mode", "augment"]
PEER = ["/usr/bin/python3", str(HERE / "peers/torchvision_augment.py")]


def run(command):
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {line["name"]: line["per_core"] for line in map(json.loads, output.splitlines())}


def main():
    folder, rounds, seconds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3, sys.argv[3] if len(sys.argv) > 3 else "2"
    best = ({}, {})
    load = os.getloadavg()[0]
    for _ in range(rounds):
        for side, command in zip(best, (OURS + ["--data", folder, "--seconds", seconds], PEER + [folder, seconds])):
            for name, rate in run(command).items():
                side[name] = max(side.get(name, 0), rate)
    print(f"{rounds} rounds; load {load:.2f} at the start, {os.getloadavg()[0]:.2f} at the end\n")
    print("| augmentation | ours | Pillow + torchvision | ratio |\n|---|---|---|---|")
    for name, ours in best[0].items():
        print(f"| {name} | {ours:,.0f} | {best[1][name]:,.0f} | {ours / best[1][name]:.1f} |")


if __name__ == "__main__":
    main()
