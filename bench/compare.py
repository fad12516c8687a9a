"""Ours against PyTorch and libtorch, in alternation, in one run; prints a table. Run: /usr/bin/python3 bench/compare.py [rounds] [seconds] [peer ...]

Peers: torch (Debian's python3-torch with libopenblas0-openmp) and libtorch (bench/peers/MlPipelines.Peers.LibTorch, built); without names both.
`dotnet build -c Release bench/MlPipelines.Bench` first. Nothing else should run on the machine.
Typical: the median over rounds of each round's median. Best: the best window of all rounds. A peer's are those of its better variant
(both memory layouts; for PyTorch's inference also frozen), chosen for each column by itself.
"""
import json
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
OURS = ["dotnet", str(HERE / "MlPipelines.Bench/bin/Release/net10.0/MlPipelines.Bench.dll")]
LIBTORCH = HERE / "peers/MlPipelines.Peers.LibTorch"
PEERS = {
    "torch": ["/usr/bin/python3", str(HERE / "peers/torch_bench.py")],
    "libtorch": ["dotnet", str(LIBTORCH / "bin/Release/net10.0/MlPipelines.Peers.LibTorch.dll")],
}
CASES = [(network, mode, batch) for network in ("keras_cifar10", "s4_mnist") for mode, batch in (("train", 128), ("infer", 128), ("infer", 1))]
CASES += [(network, "train", 16) for network in ("mobilenet_v2", "resnet18")]


def run(command, network, mode, batch, seconds):
    arguments = ["--network", network, "--mode", mode, "--batch", str(batch), "--seconds", str(seconds), "--threads", "2"]
    shim = LIBTORCH / "iostreams.so"
    environment = {**os.environ, "LD_PRELOAD": str(shim)} if command is PEERS["libtorch"] and shim.exists() else None
    output = subprocess.run(command + arguments, check=True, capture_output=True, text=True, env=environment).stdout
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]


def summary(lines):
    return statistics.median(line["median"] for line in lines), max(line["best"] for line in lines)


def main():
    rounds, seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 3, float(sys.argv[2]) if len(sys.argv) > 2 else 5
    names = sys.argv[3:] or list(PEERS)
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.processor())
    print(f"{cpu}, {os.cpu_count()} cores; {rounds} rounds of {seconds} s; load at the start {os.getloadavg()[0]:.2f}\n")
    print("| network | mode | batch | ours, typical (best) |" + "".join(f" {name}, typical (best) | ratio, typical (best) |" for name in names))
    print("|---" * (4 + 2 * len(names)) + "|")
    for case in CASES:
        ours, variants = [], {name: {} for name in names}
        for _ in range(rounds):
            ours += run(OURS, *case, seconds)
            for name in names:
                for line in run(PEERS[name], *case, seconds):
                    variants[name].setdefault(line["variant"], []).append(line)
        typical, best = summary(ours)
        cells = f"| {case[0]} | {case[1]} | {case[2]} | {typical:,.0f} ({best:,.0f}) |"
        for name in names:
            theirs = [summary(lines) for lines in variants[name].values()]
            peer_typical, peer_best = max(each[0] for each in theirs), max(each[1] for each in theirs)
            cells += f" {peer_typical:,.0f} ({peer_best:,.0f}) | {typical / peer_typical:.2f} ({best / peer_best:.2f}) |"
        print(cells, flush=True)
    print(f"\nload at the end {os.getloadavg()[0]:.2f}")


if __name__ == "__main__":
    main()
