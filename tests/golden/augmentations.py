"""Writes augmentations.json: what Pillow and torchvision 0.14 make of made-up pixels. Run: python3 tests/golden/augmentations.py"""
import json
import math
import pathlib

import numpy as np
import PIL
import torch
import torchvision
from PIL import Image
from torchvision import transforms
from torchvision.transforms import functional as F

WIDTH, HEIGHT = 16, 12


def pixels():
    """Noise, with a few rows of pure colours, greys and extremes."""
    values = np.random.default_rng(7).integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8)
    corners = [(r, g, b) for r in (0, 255) for g in (0, 255) for b in (0, 255)]
    values[0, :8] = corners
    values[0, 8:] = [(v, v, v) for v in (1, 31, 64, 127, 128, 200, 254, 77)]
    return values


def tensor(values):
    return torch.from_numpy(values.copy()).permute(2, 0, 1)


def flat(result):
    if isinstance(result, torch.Tensor):
        result = result.permute(1, 2, 0).numpy()
    return np.asarray(result).reshape(-1).tolist()


def drawn(draw, width, height, count=20000):
    """Averages over draws of (top, left, height, width); a draw of the whole image counts as none."""
    rows = np.array([draw()[:4] for _ in range(count)], dtype=np.float64)
    rows = rows[(rows[:, 2] < height) | (rows[:, 3] < width)]
    top, left, high, wide = rows.T
    return {
        "width": width, "height": height, "share": len(rows) / count,
        "area": float((high * wide).mean() / (width * height)), "logAspect": float(np.log(high / wide).mean()), "spread": float(np.log(high / wide).std()),
        "left": float((left + wide / 2).mean() / width), "top": float((top + high / 2).mean() / height),
    }


def main():
    values = pixels()
    picture, planes = Image.fromarray(values), tensor(values)
    cases = []
    for name, adjust in (("brightness", F.adjust_brightness), ("contrast", F.adjust_contrast), ("saturation", F.adjust_saturation)):
        for factor in (0.0, 0.3, 0.75, 1.0, 1.4, 2.5):
            cases.append({"change": name, "amount": factor, "source": "Pillow", "pixels": flat(adjust(picture, factor))})
            # The two round grey differently, which a large factor magnifies beyond one step.
            if factor < 2:
                cases.append({"change": name, "amount": factor, "source": "torchvision", "pixels": flat(adjust(planes, factor))})
    for turns in (-0.5, -0.21, -0.05, 0.0, 0.1, 1 / 3, 0.5):
        cases.append({"change": "hue", "amount": turns, "source": "torchvision", "pixels": flat(F.adjust_hue(planes, turns))})
    cases.append({"change": "grey", "amount": 0.0, "source": "Pillow", "pixels": flat(F.to_grayscale(picture, 3))})
    cases.append({"change": "grey", "amount": 0.0, "source": "torchvision", "pixels": flat(F.rgb_to_grayscale(planes, 3))})
    for sigma in (0.1, 0.5, 1.0, 1.6):
        kernel = 2 * math.ceil(3 * sigma) + 1
        cases.append({"change": "blur", "amount": sigma, "source": "torchvision", "pixels": flat(F.gaussian_blur(planes, [kernel, kernel], [sigma, sigma]))})
    torch.manual_seed(3)
    sizes = ((32, 32), (90, 20), (64, 224))
    erasing = [drawn(lambda: transforms.RandomErasing.get_params(torch.empty(3, h, w), (0.02, 0.33), (0.3, 3.3), [0.0]), w, h) for w, h in sizes]
    crops = [drawn(lambda: transforms.RandomResizedCrop.get_params(torch.empty(3, h, w), (0.08, 0.8), (3 / 4, 4 / 3)), w, h) for w, h in sizes]
    content = {
        "pillow": PIL.__version__, "torchvision": torchvision.__version__,
        "width": WIDTH, "height": HEIGHT, "pixels": flat(values), "cases": cases,
        "erasing": erasing, "crops": crops,
    }
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(content, separators=(",", ":")) + "\n")


main()
