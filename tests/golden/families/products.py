"""Gemm and MatMul."""
import torch

from golden import Draw, case


def gemm(name, a, b, c=None, alpha=None, beta=None, transA=None, transB=None):
    def formula(a, b, c=None):
        product = (alpha or 1.0) * (a.t() if transA else a) @ (b.t() if transB else b)
        return product if c is None else product + (1.0 if beta is None else beta) * c

    draw = Draw(name)
    inputs = [draw(*shape) for shape in (a, b, c) if shape is not None]
    given = dict(alpha=alpha, beta=beta, transA=transA, transB=transB)
    return case(name, "Gemm", inputs, formula, range(len(inputs)), **{k: v for k, v in given.items() if v is not None})


def matmul(name, a, b):
    return case(name, "MatMul", [Draw(name)(*a), Draw(name + "/b")(*b)], torch.matmul, (0, 1))


def cases():
    return [
        gemm("gemm_without_c", (3, 4), (4, 5)),
        gemm("gemm_vector_c", (3, 4), (4, 5), (5,)),
        gemm("gemm_row_c", (3, 4), (4, 5), (1, 5)),
        gemm("gemm_column_c", (3, 4), (4, 5), (3, 1)),
        gemm("gemm_full_c", (3, 4), (4, 5), (3, 5), alpha=0.5, beta=2.0),
        gemm("gemm_scalar_c", (3, 4), (4, 5), (), beta=0.25),
        gemm("gemm_beta_zero", (3, 4), (4, 5), (5,), beta=0.0),
        gemm("gemm_transposed_a", (4, 3), (4, 5), (5,), transA=1),
        gemm("gemm_transposed_b", (3, 4), (5, 4), (5,), transB=1),
        gemm("gemm_transposed_both", (4, 3), (5, 4), (5,), alpha=1.5, beta=0.5, transA=1, transB=1),
        matmul("matmul_matrices", (3, 4), (4, 5)),
        matmul("matmul_batch", (2, 3, 4), (2, 4, 2)),
        matmul("matmul_two_batch_axes", (2, 3, 2, 4), (2, 3, 4, 2)),
        matmul("matmul_batch_by_matrix", (2, 3, 4), (4, 5)),
        matmul("matmul_matrix_by_batch", (3, 4), (2, 4, 5)),
        matmul("matmul_broadcast_both", (2, 1, 3, 4), (1, 3, 4, 2)),
        matmul("matmul_vector_by_matrix", (4,), (4, 5)),
        matmul("matmul_matrix_by_vector", (3, 4), (4,)),
        matmul("matmul_vectors", (5,), (5,)),
        matmul("matmul_batch_by_vector", (2, 3, 4), (4,)),
        matmul("matmul_vector_by_batch", (4,), (2, 4, 3)),
    ]
