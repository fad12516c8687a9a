"""Prints the cases of ResizeTests.Filling_and_cropping_give_the_bytes_of_Pillow: sizes, box, and the SHA-256 of what Pillow makes. Run: /usr/bin/python3 tests/golden/resize.py

Byte i of a source is (37 i + i i + i // 7) mod 256, rows from the top, red, green, blue. Made with Pillow 9.4,
which holds a box in single precision: the parts cut out here are whole pixels, or come to the same weights.
"""
import hashlib

import numpy as np
from PIL import Image

CASES = [(168, 224, 224, 224), (224, 126, 224, 224), (300, 200, 64, 48), (97, 61, 13, 61), (640, 480, 224, 224), (5, 3, 50, 41), (1000, 2, 3, 1), (33, 17, 33, 17), (224, 168, 224, 168 // 2)]

for width, height, to_width, to_height in CASES:
    i = np.arange(width * height * 3, dtype=np.int64)
    source = Image.fromarray(((37 * i + i * i + i // 7) % 256).astype(np.uint8).reshape(height, width, 3))
    fill = source.resize((to_width, to_height), Image.BILINEAR)
    most = max(to_width / width, to_height / height)
    cut_width, cut_height = min(width, to_width / most), min(height, to_height / most)
    left, top = 0.5 * (width - cut_width), 0.5 * (height - cut_height)
    crop = source.resize((to_width, to_height), Image.BILINEAR, box=(left, top, left + cut_width, top + cut_height))
    hashes = [hashlib.sha256(np.asarray(each).tobytes()).hexdigest()[:16] for each in (fill, crop)]
    print(f'    [InlineData({width}, {height}, {to_width}, {to_height}, "{hashes[0]}", "{hashes[1]}")]')
