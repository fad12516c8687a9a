#!/usr/bin/env python3
"""Many small pictures in one process and in shards that are merged: whether all files are the same, how long it takes, and the peak memory.

python3 bench/shards.py MLPIPE.dll [PICTURES 10000] [SHARDS 16] [COMMANDS predict,evaluate,features] [FOLDER]
FOLDER keeps the pictures and the model for the next time.
"""
import filecmp
import os
import pathlib
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zlib

CLASSES, SIZE = 10, 32


def png(seed):
    """A picture of 32 x 32 with a gradient of its class's colour and some noise."""
    dice, label = random.Random(seed), seed % CLASSES
    colour = [(label * 83 + shift) % 200 for shift in (0, 70, 140)]
    noise = dice.randbytes(SIZE)
    rows = b"".join(b"\0" + bytes(min(255, c + x + noise[y] // 4) for x in range(SIZE) for c in colour) for y in range(SIZE))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")


def make(folder, count):
    for label in range(CLASSES):
        (folder / f"class {label}").mkdir(parents=True)
    for seed in range(count):
        # One in twenty lies in another class's folder, so that there are mistakes.
        label = (seed + (seed % 20 == 7)) % CLASSES
        (folder / f"class {label}" / f"{seed:07}.png").write_bytes(png(seed))


def run(program, *words):
    """Seconds and peak MiB of one process."""
    begun = time.monotonic()
    process = subprocess.Popen(["dotnet", program, *map(str, words)], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"mlpipe {' '.join(map(str, words))}: exit code {process.returncode}")
    return time.monotonic() - begun, usage.ru_maxrss / 1024


def files(folder):
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def main():
    program, count, shards, commands = (sys.argv[1:] + ["10000", "16", "predict,evaluate,features"][len(sys.argv) - 2:])[:4]
    count, shards = int(count), int(shards)
    place = pathlib.Path(sys.argv[5] if len(sys.argv) > 5 else tempfile.mkdtemp())
    place.mkdir(exist_ok=True)
    pictures, model = place / f"pictures-{count}", place / "model.onnx"
    if not pictures.exists():
        make(pictures, count)
    if not model.exists():
        make(place / "few", 200)
        run(program, "train", place / "few", "--from-scratch", "--size", SIZE, "--epochs", 2, "--output", place / "runs", "--name", "few")
        shutil.copy(place / "runs/few/model.onnx", model)
    same = True
    for command in commands.split(","):
        one, parts, merged = (place / name for name in ("one", "parts", "merged"))
        for folder in (one, parts, merged):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        name = {"predict": "out.csv", "features": "out.npy", "evaluate": ""}[command]
        words = [command, model, pictures, *(["--top", "3"] if command == "predict" else [])]
        whole = run(program, *words, "--output", one / name)
        each = [run(program, *words, "--shard", f"{k}/{shards}", "--output", parts) for k in range(1, shards + 1)]
        put = run(program, "merge", parts, "--output", merged / name)
        equal = files(one) == files(merged) and not filecmp.cmpfiles(one, merged, files(one), shallow=False)[1]
        same &= equal
        print(f"{command} of {count} pictures: one process {whole[0]:.1f} s, {whole[1]:.0f} MiB; "
              f"{shards} shards one after the other {sum(s for s, _ in each):.1f} s, {max(m for _, m in each):.0f} MiB at most; "
              f"merge {put[0]:.1f} s, {put[1]:.0f} MiB; {len(files(one))} files {'equal bit for bit' if equal else 'DIFFER'}", flush=True)
    sys.exit(0 if same else 1)


main()
