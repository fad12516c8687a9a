"""Checks ONNX files with the reference checker and strict shape inference. Run: /usr/bin/python3 tests/golden/check_onnx.py FILE.onnx...

One line a file; exit code 1 if any file fails, 2 if none was named.
"""
import sys

import onnx


def verdict(path):
    """Nothing if the file is sound, else why not."""
    try:
        onnx.checker.check_model(path, full_check=True)
        onnx.shape_inference.infer_shapes(onnx.load(path), check_type=True, strict_mode=True)
    except Exception as error:  # protobuf, file and checker errors share no base; each is this file's verdict
        return " ".join(str(error).split()) or type(error).__name__
    return None


if __name__ == "__main__":
    if len(sys.argv) < 2:
        print(__doc__)
        sys.exit(2)
    failed = False
    for path in sys.argv[1:]:
        why = verdict(path)
        failed |= why is not None
        print(f"{path}: {'ok' if why is None else 'FAILED: ' + why}")
    sys.exit(failed)
