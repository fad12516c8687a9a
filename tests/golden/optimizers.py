"""Golden trajectories of optimizers, plain numpy in float64. Run: /usr/bin/python3 tests/golden/optimizers.py

Writes optimizers.json: ten steps of a vector of five, or of a matrix of twelve numbers, under given gradients. Each formula is first held against known scalars
(weight 1, gradients 0.1, -0.2, 1e-4) of Keras 2.3.1, Keras 3 and Caffe, and against torch.optim where the forms agree.
t counts from 1; slots start at zero; the weight decay of "sgd_l2" is added to the gradient (g + weight_decay * w),
that of AdamW shrinks the weight by learning_rate * weight_decay before the step.
"""
import numpy
import torch

from golden import number, write


def sgd(p, g, s, t, learning_rate, momentum=0.0, nesterov=False, weight_decay=0.0):
    g = g + weight_decay * p
    s["v"] = v = momentum * s.get("v", 0.0) - learning_rate * g
    return p + (momentum * v - learning_rate * g if nesterov else v)


def rmsprop(p, g, s, t, learning_rate, rho, epsilon, epsilon_inside_root, decay=0.0):
    s["a"] = a = rho * s.get("a", 0.0) + (1 - rho) * g * g
    rate = learning_rate / (1 + decay * (t - 1))
    return p - rate * g / (numpy.sqrt(a + epsilon) if epsilon_inside_root else numpy.sqrt(a) + epsilon)


def adam(p, g, s, t, learning_rate, beta1, beta2, epsilon, weight_decay=0.0):
    p = p - learning_rate * weight_decay * p
    s["m"] = m = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    s["v"] = v = beta2 * s.get("v", 0.0) + (1 - beta2) * g * g
    return p - learning_rate * numpy.sqrt(1 - beta2 ** t) / (1 - beta1 ** t) * m / (numpy.sqrt(v) + epsilon)


def adadelta(p, g, s, t, learning_rate, rho, epsilon):
    s["a"] = a = rho * s.get("a", 0.0) + (1 - rho) * g * g
    step = g * numpy.sqrt(s.get("d", 0.0) + epsilon) / numpy.sqrt(a + epsilon)
    s["d"] = rho * s.get("d", 0.0) + (1 - rho) * step * step
    return p - learning_rate * step


def muon(p, g, s, t, learning_rate, momentum, nesterov, weight_decay, shape):
    """The iteration changes singular values alone, so that it is a polynomial of each of them."""
    matrix = numpy.asarray(g).reshape(shape[0], -1)
    s["v"] = v = momentum * s.get("v", 0.0) + (1 - momentum) * matrix
    left, values, right = numpy.linalg.svd(momentum * v + (1 - momentum) * matrix if nesterov else v, full_matrices=False)
    values = values / (numpy.linalg.norm(values) + 1e-7)
    for _ in range(5):
        values = 3.4445 * values - 4.7750 * values ** 3 + 2.0315 * values ** 5
    step = learning_rate * 0.2 * numpy.sqrt(max(matrix.shape)) * (left * values) @ right
    return p - learning_rate * weight_decay * p - step.reshape(-1)


ADAM = dict(learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-7)
MUON = dict(learning_rate=0.01, momentum=0.95, nesterov=True, weight_decay=0.1)
RMSPROP = dict(learning_rate=1e-4, rho=0.9, epsilon=1e-7)
KNOWN_START, KNOWN_GRADIENTS = 1.0, [0.1, -0.2, 1e-4]
KNOWN = [
    (sgd, dict(learning_rate=0.01, momentum=0.9), (0.999, 1.0001, 1.001089)),
    (sgd, dict(learning_rate=0.01, momentum=0.9, nesterov=True), (0.9981, 1.00109, 1.0019791)),
    (sgd, dict(learning_rate=0.001, momentum=0.9, weight_decay=0.004), (0.999896, 0.9999984004, 1.0000864608)),
    (rmsprop, dict(RMSPROP, epsilon_inside_root=False, decay=1e-6), (0.9996837732, 0.9999694868, 0.9999693362)),
    (rmsprop, dict(RMSPROP, epsilon_inside_root=True), (0.9996837880, 0.9999694994, 0.9999693488)),
    (adam, ADAM, (0.9990000316, 0.9993661300, 0.9996488392)),
    (adadelta, dict(learning_rate=1.0, rho=0.95, epsilon=1e-7), (0.9985859278, 1.0003836679, 1.0003824365)),
]
TRAJECTORIES = [
    ("sgd", sgd, dict(learning_rate=0.01)),
    ("sgd_momentum", sgd, dict(learning_rate=0.01, momentum=0.9)),
    ("sgd_nesterov", sgd, dict(learning_rate=0.01, momentum=0.9, nesterov=True)),
    ("sgd_l2", sgd, dict(learning_rate=0.01, momentum=0.9, weight_decay=0.004)),
    ("rmsprop_keras_2", rmsprop, dict(learning_rate=1e-3, rho=0.9, epsilon=1e-7, epsilon_inside_root=False)),
    ("rmsprop_keras_2_decay", rmsprop, dict(learning_rate=1e-3, rho=0.9, epsilon=1e-7, epsilon_inside_root=False, decay=0.1)),
    ("rmsprop_keras_3", rmsprop, dict(learning_rate=1e-3, rho=0.9, epsilon=1e-7, epsilon_inside_root=True)),
    ("adam", adam, ADAM),
    ("adamw", adam, dict(ADAM, weight_decay=0.004)),
    ("adadelta", adadelta, dict(learning_rate=1.0, rho=0.95, epsilon=1e-7)),
]


MATRICES = [
    ("muon_wide", muon, dict(MUON, shape=[3, 4])),
    ("muon_high", muon, dict(MUON, shape=[4, 3], nesterov=False, weight_decay=0.0)),
    ("muon_kernel", muon, dict(MUON, shape=[2, 3, 2, 1])),
]


def walk(rule, hyperparameters, start, gradients):
    p, slots, weights = start, {}, []
    for t, g in enumerate(gradients, 1):
        p = rule(p, g, slots, t, **hyperparameters)
        weights.append(p)
    return weights


def torch_walk(optimizer, start, gradients, **hyperparameters):
    p = torch.from_numpy(start.copy()).requires_grad_()
    stepper = optimizer([p], **hyperparameters)
    for g in gradients:
        p.grad = torch.from_numpy(g)
        stepper.step()
    return p.detach().numpy()


def check_against_torch(start, gradients):
    none = dict(ADAM, epsilon=0.0)  # the two frameworks place Adam's epsilon differently
    for rule, given, optimizer, theirs in (
            (sgd, dict(learning_rate=0.01, momentum=0.9, nesterov=True, weight_decay=0.004), torch.optim.SGD,
             dict(lr=0.01, momentum=0.9, nesterov=True, weight_decay=0.004)),
            (adam, none, torch.optim.Adam, dict(lr=1e-3, eps=0.0)),
            (adam, dict(none, weight_decay=0.004), torch.optim.AdamW, dict(lr=1e-3, eps=0.0, weight_decay=0.004)),
            (adadelta, dict(learning_rate=1.0, rho=0.95, epsilon=1e-7), torch.optim.Adadelta, dict(lr=1.0, rho=0.95, eps=1e-7)),
            (rmsprop, dict(learning_rate=1e-3, rho=0.9, epsilon=1e-7, epsilon_inside_root=False), torch.optim.RMSprop,
             dict(lr=1e-3, alpha=0.9, eps=1e-7))):
        assert numpy.allclose(walk(rule, given, start, gradients)[-1], torch_walk(optimizer, start, gradients, **theirs), atol=1e-12), rule


if __name__ == "__main__":
    for rule, hyperparameters, expected in KNOWN:
        found = walk(rule, hyperparameters, KNOWN_START, KNOWN_GRADIENTS)
        assert numpy.allclose(found, expected, rtol=0, atol=6e-11), (rule.__name__, hyperparameters, found)
    random = numpy.random.RandomState(7)
    start = numpy.round(random.uniform(-1, 1, 5), 3)
    gradients = [numpy.round(g, 5) for g in random.standard_normal((10, 5)) * [1, 0.1, 0.01, 1e-3, 10]]
    check_against_torch(start, gradients)
    matrix = numpy.round(random.uniform(-1, 1, 12), 3)
    of_matrix = [numpy.round(g, 5) for g in random.standard_normal((10, 12))]
    rows = [{"name": name, "rule": rule.__name__, "hyperparameters": given, "start": begin.tolist(),
             "gradients": [g.tolist() for g in those], "weights": [[number(v) for v in w] for w in walk(rule, given, begin, those)]}
            for table, begin, those in ((TRAJECTORIES, start, gradients), (MATRICES, matrix, of_matrix)) for name, rule, given in table]
    known = [{"rule": rule.__name__, "hyperparameters": given, "weights": expected} for rule, given, expected in KNOWN]
    write("optimizers.json", {"known_start": KNOWN_START, "known_gradients": KNOWN_GRADIENTS, "known": known}, "trajectories", rows)
