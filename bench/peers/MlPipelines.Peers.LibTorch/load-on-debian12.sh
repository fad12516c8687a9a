#!/usr/bin/env bash
# TorchSharp's native library asks for one symbol of a newer libstdc++ than Debian 12's; it does nothing but start iostreams. Makes the built peer load there.
# Run after the build, in this folder; then start the peer with LD_PRELOAD=$PWD/iostreams.so. Needs g++, python3 and patchelf.
set -euo pipefail
cd "$(dirname "$0")"
echo 'extern "C" void _ZSt21ios_base_library_initv() {}' | g++ -x c++ -shared -fPIC -o iostreams.so -
find bin/Release -name libLibTorchSharp.so | while read -r library; do
  patchelf --clear-symbol-version _ZSt21ios_base_library_initv "$library"
  LIBRARY="$library" python3 - <<'P'
import os
import struct

def elf_hash(name):
    value = 0
    for byte in name:
        value = (value << 4) + byte
        high = value & 0xF0000000
        value = (value ^ high >> 24) & ~high
    return value

path = os.environ["LIBRARY"]
content = bytearray(open(path, "rb").read())
entry, place = struct.pack("<I", elf_hash(b"GLIBCXX_3.4.32")), -1
while (place := content.find(entry, place + 1)) != -1:
    content[place + 4:place + 6] = struct.pack("<H", 2)  # VER_FLG_WEAK: the loader may go on without this version
open(path, "wb").write(content)
P
done
