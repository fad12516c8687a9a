"""The table of Unicode's canonical decompositions and combining classes that NormalForm reads, and cases to test it by.

Rows: code point, its decomposition (one or two code points); first-last, combining class; a code point that never comes of composition.
Source: UnicodeData.txt and CompositionExclusions.txt of the Unicode Character Database, by Python's unicodedata.
"""

import json
import random
import sys
import unicodedata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HANGUL = range(0xAC00, 0xD7A4)
CODES = [code for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]


def canonical(code):
    mapping = unicodedata.decomposition(chr(code))
    return [] if not mapping or mapping[0] == "<" or code in HANGUL else [int(part, 16) for part in mapping.split()]


def classes():
    runs = []
    for code in CODES:
        kind = unicodedata.combining(chr(code))
        if kind and runs and runs[-1][1] == code - 1 and runs[-1][2] == kind:
            runs[-1][1] = code
        elif kind:
            runs.append([code, code, kind])
    return runs


def table():
    yield f"Unicode {unicodedata.unidata_version}"
    for code in CODES:
        if parts := canonical(code):
            text = "".join(map(chr, parts))
            excluded = unicodedata.normalize("NFC", text) != chr(code)
            yield f"{code:X}{'!' if excluded else '='}{' '.join(f'{part:X}' for part in parts)}"
    for first, last, kind in classes():
        yield f"{first:X}-{last:X}:{kind}"


def cases():
    draw = random.Random(1)
    letters = [code for code in CODES if canonical(code)] + [ord(letter) for letter in "aeiouAEIOUxyz"]
    marks = [code for code in CODES if unicodedata.combining(chr(code))]
    for _ in range(600):
        codes = [draw.choice(letters)] + [draw.choice(marks) for _ in range(draw.randrange(4))] + [draw.choice(letters)]
        yield "".join(map(chr, codes))
    for _ in range(100):
        yield unicodedata.normalize("NFD", chr(draw.choice(HANGUL))) + chr(draw.randrange(0x11A7, 0x11C4))


def escaped(text):
    return " ".join(f"{ord(letter):X}" for letter in text)


(ROOT / "src/MlPipelines.Foundation/NormalForm.txt").write_text("\n".join(table()) + "\n", newline="\n")
(ROOT / "tests/golden/normal_form.json").write_text(
    "[\n" + ",\n".join(json.dumps([escaped(text), escaped(unicodedata.normalize("NFC", text))]) for text in cases()) + "\n]\n",
    newline="\n")
