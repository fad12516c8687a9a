"""Writes gif.json: small GIFs, and the first frame of each as Pillow reads it. Run: /usr/bin/python3 tests/golden/gif.py

Made with Pillow 9.4. Where a file names no transparent colour, Pillow shows the palette's first one outside the frame; here that is white,
as a browser shows a transparent canvas on a white page. Inside the frame all is Pillow's.
"""
import base64
import hashlib
import io
import json
import pathlib
import struct

import numpy
from PIL import Image

COLOURS = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0), (0, 255, 255), (255, 0, 255), (10, 20, 30), (120, 130, 140)]
OTHERS = [(1, 1, 1), (200, 100, 50), (50, 100, 200), (90, 90, 90), (0, 128, 0), (128, 0, 0), (0, 0, 128), (128, 128, 0)]


def codes(indices):
    """Four bits for an index of three, without strings: the dictionary is cleared before the codes grow."""
    stream, held, bits = bytearray(), 0, 0
    for code in [code for place, index in enumerate(indices) for code in ([8, index] if place % 6 == 0 else [index])] + [9]:
        held, bits = held | code << bits, bits + 4
        while bits >= 8:
            stream.append(held & 255)
            held, bits = held >> 8, bits - 8
    stream.append(held & 255)
    blocks = b"".join(bytes([len(stream[at:at + 50])]) + stream[at:at + 50] for at in range(0, len(stream), 50))
    return bytes([3]) + blocks + b"\0"


def frame(left, top, width, height, transparent=None, interlaced=False, palette=None):
    control = b"" if transparent is None else b"\x21\xf9\x04\x01\0\0" + bytes([transparent, 0])
    rows = [[(5 * (y * width + x) + 3 * y) % 8 for x in range(width)] for y in range(height)]
    if interlaced:
        rows = [rows[y] for first, step in ((0, 8), (4, 8), (2, 4), (1, 2)) for y in range(first, height, step)]
    flags = (0x40 if interlaced else 0) | (0x82 if palette else 0)
    return (control + b"," + struct.pack("<HHHHB", left, top, width, height, flags) + bytes(sum(palette or [], ()))
            + codes([index for row in rows for index in row]))


def gif(canvas, *frames, palette=COLOURS, background=2, version=b"89a"):
    return (b"GIF" + version + struct.pack("<HHBBB", *canvas, 0xf2 if palette else 0x70, background, 0) + bytes(sum(palette or [], ()))
            + b"".join(frames) + b";")


def by_pillow(size, colours, interlaced):
    y, x = numpy.mgrid[:size[1], :size[0]]
    pixels = numpy.stack([x * 255 // size[0], y * 255 // size[1], x * y // 3 % 256], -1).astype(numpy.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).quantize(colours).save(file, "GIF", interlace=interlaced)
    return file.getvalue(), (0, 0, *size)


FILES = {
    "a frame smaller than the canvas": (gif((8, 7), frame(0, 0, 4, 3)), (0, 0, 4, 3)),
    "a frame at an offset": (gif((8, 7), frame(3, 2, 4, 3)), (3, 2, 4, 3)),
    "a frame at an offset, a transparent colour": (gif((8, 7), frame(3, 2, 4, 3, transparent=3)), (3, 2, 4, 3)),
    "the background colour transparent": (gif((8, 7), frame(3, 2, 4, 3, transparent=2)), (3, 2, 4, 3)),
    "GIF87a at an offset": (gif((8, 7), frame(3, 2, 4, 3), version=b"87a"), (3, 2, 4, 3)),
    "a frame partly outside": (gif((8, 7), frame(6, 5, 4, 5)), (6, 5, 4, 5)),
    "a frame wholly outside": (gif((4, 3), frame(6, 5, 4, 5)), (6, 5, 4, 5)),
    "a frame larger than the canvas": (gif((4, 3), frame(0, 0, 8, 7)), (0, 0, 8, 7)),
    "a canvas of no size": (gif((0, 0), frame(2, 1, 6, 5)), (2, 1, 6, 5)),
    "a canvas of a size that old writers put there always": (gif((640, 480), frame(600, 470, 4, 3)), (600, 470, 4, 3)),
    "interlaced": (gif((9, 11), frame(0, 0, 9, 11, interlaced=True)), (0, 0, 9, 11)),
    "interlaced at an offset": (gif((12, 14), frame(2, 1, 9, 11, interlaced=True)), (2, 1, 9, 11)),
    "interlaced, three rows": (gif((5, 3), frame(0, 0, 5, 3, interlaced=True)), (0, 0, 5, 3)),
    "a palette of its own": (gif((8, 7), frame(1, 1, 4, 3, palette=OTHERS)), (1, 1, 4, 3)),
    "only a palette of its own": (gif((8, 7), frame(1, 1, 4, 3, palette=OTHERS), palette=None), (1, 1, 4, 3)),
    "no palette": (gif((6, 5), frame(0, 0, 6, 5), palette=None), (0, 0, 6, 5)),
    "a larger second frame": (gif((8, 7), frame(1, 1, 4, 3), frame(0, 0, 8, 7)), (1, 1, 4, 3)),
    "256 colours": by_pillow((83, 61), 256, False),
    "256 colours, interlaced": by_pillow((83, 61), 256, True),
    "16 colours": by_pillow((65, 63), 16, False),
    "2 colours": by_pillow((33, 20), 2, False),
}


def case(name, file, box):
    picture = Image.open(io.BytesIO(file)).convert("RGBA")
    page = Image.new("RGBA", picture.size, (255, 255, 255, 255))
    left, top, width, height = box
    page.alpha_composite(picture.crop((left, top, left + width, top + height)), (left, top))
    pixels = numpy.asarray(page.convert("RGB")).tobytes()
    return {"name": name, "file": base64.b64encode(file).decode(), "width": page.width, "height": page.height,
            "pixels": hashlib.sha256(pixels).hexdigest()}


cases = ",\n".join(json.dumps(case(name, *file)) for name, file in FILES.items())
(pathlib.Path(__file__).parent / "gif.json").write_text(f"[\n{cases}\n]\n", newline="\n")
