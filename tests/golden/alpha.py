"""Prints the cases of AlphaGoldenTests: the SHA-256 of what Pillow makes of pictures with alpha. Run: /usr/bin/python3 tests/golden/alpha.py

Byte i of a source is (37 i + i i + i // 7) mod 256, rows from the top, red, green, blue, alpha. Made with Pillow 9.4,
which holds a box in single precision: the parts cut out here are whole pixels, or come to the same weights.
"""
import hashlib

import numpy as np
from PIL import Image, ImageEnhance

CASES = [(168, 224, 224, 224), (224, 126, 224, 224), (300, 200, 64, 64), (97, 61, 13, 61), (5, 3, 50, 41), (1000, 2, 3, 1), (33, 17, 33, 17), (222, 168, 222, 84)]
FACTORS = [0, 0.3, 1.7]


def source(width, height):
    i = np.arange(width * height * 4, dtype=np.int64)
    return Image.fromarray(((37 * i + i * i + i // 7) % 256).astype(np.uint8).reshape(height, width, 4), "RGBA")


def hashed(image):
    return hashlib.sha256(np.asarray(image).tobytes()).hexdigest()[:16]


for width, height, to_width, to_height in CASES:
    picture = source(width, height)
    fill = picture.resize((to_width, to_height), Image.BILINEAR)
    most = max(to_width / width, to_height / height)
    cut_width, cut_height = min(width, to_width / most), min(height, to_height / most)
    left, top = 0.5 * (width - cut_width), 0.5 * (height - cut_height)
    crop = picture.resize((to_width, to_height), Image.BILINEAR, box=(left, top, left + cut_width, top + cut_height))
    print(f'    [InlineData({width}, {height}, {to_width}, {to_height}, "{hashed(fill)}", "{hashed(crop)}")]')

for name in ["Brightness", "Contrast", "Color", "Sharpness"]:
    for factor in FACTORS:
        made = getattr(ImageEnhance, name)(source(41, 29)).enhance(factor)
        print(f'    [InlineData("{name}", {factor}f, "{hashed(made)}")]')
