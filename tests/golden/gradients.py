"""Golden gradients of every differentiable operator, from PyTorch in float64. Run: /usr/bin/python3 tests/golden/gradients.py

Writes gradients.json. Values are rounded to 7 significant digits; each gradient was checked by a central difference.
"""
import torch

from families import arrangement, convolution, elementwise, normalization, pooling, products, reductions
from golden import write

FAMILIES = (convolution, pooling, products, elementwise, normalization, arrangement, reductions)

if __name__ == "__main__":
    rows = [row for family in FAMILIES for row in family.cases()]
    names = [row["name"] for row in rows]
    assert len(set(names)) == len(names), "names of cases repeat"
    write("gradients.json", {"opset": 17, "made_by": f"PyTorch {torch.__version__}, float64"}, "cases", rows)
