"""The voters of the intent: each sees the message in its own way and gives probabilities.

A voter learns with Keras or scikit-learn and answers with numpy. Their log-probabilities are added
with weights found by cross-validation (see docs/understanding.md).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.rasa_parts.encoder import Floats

Labels = npt.NDArray[np.int64]


def softmax(scores: Floats) -> Floats:
    """Return probabilities from scores, row by row."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


class VectorVoter:
    """A small network on standardised sentence vectors: one hidden layer, strong dropout.

    Keras (which Rasa brings) trains it; numpy answers. Averaged over a few seeds.
    """

    def __init__(self, hidden: int = 768, seeds: int = 1, epochs: int = 22) -> None:
        """Set the size of the hidden layer, the number of networks, and the epochs."""
        self.hidden, self.seeds, self.epochs = hidden, seeds, epochs
        self.mean = self.scale = np.zeros(0, dtype=np.float32)
        self.layers: list[tuple[Floats, Floats, Floats, Floats]] = []

    def fit(self, vectors: Floats, labels: Labels, weights: Floats | None = None) -> VectorVoter:
        """Learn from vectors and the numbers of their classes (0, 1, 2 … without a gap).

        Args:
            vectors: one row a line.
            labels: the class of each.
            weights: how much each line counts; all the same by default.
        """
        self.mean = vectors.mean(axis=0)
        deviation = vectors.std(axis=0) + np.float32(1e-6)
        self.scale = (1 / deviation / np.sqrt(vectors.shape[1])).astype(np.float32)
        ready = (vectors - self.mean) * self.scale
        self.layers = [
            _train_network(self, ready, labels, seed, weights) for seed in range(self.seeds)
        ]
        return self

    def probabilities(self, vectors: Floats) -> Floats:
        """Return one row of probabilities a vector."""
        ready = (vectors - self.mean) * self.scale * np.float32(np.sqrt(vectors.shape[1]))
        total = np.zeros((len(vectors), self.layers[0][3].shape[0]), dtype=np.float32)
        for first, bias1, second, bias2 in self.layers:
            hidden = np.maximum(ready @ first + bias1, 0)
            total += softmax(hidden @ second + bias2)
        return total / len(self.layers)

    def state(self) -> dict[str, Any]:
        """Return what must be stored, as numpy arrays."""
        parts = {f"{i}_{j}": p for i, layer in enumerate(self.layers) for j, p in enumerate(layer)}
        return {"mean": self.mean, "scale": self.scale, **parts}

    @classmethod
    def restore(cls, state: dict[str, Any]) -> VectorVoter:
        """Return the voter that `state` came from."""
        voter = cls()
        voter.mean, voter.scale = state["mean"], state["scale"]
        count = len({key.split("_")[0] for key in state if "_" in key})
        voter.layers = [
            (state[f"{i}_0"], state[f"{i}_1"], state[f"{i}_2"], state[f"{i}_3"])
            for i in range(count)
        ]
        return voter


def _train_network(
    voter: VectorVoter, ready: Floats, labels: Labels, seed: int, weights: Floats | None
) -> tuple[Floats, Floats, Floats, Floats]:
    import tensorflow as tf

    tf.keras.utils.set_random_seed(seed)
    classes = int(labels.max()) + 1
    network = tf.keras.Sequential(
        [
            tf.keras.layers.Dropout(0.3),
            tf.keras.layers.Dense(voter.hidden, activation="relu"),
            tf.keras.layers.Dropout(0.6),
            tf.keras.layers.Dense(classes),
        ]
    )
    network.compile(
        tf.keras.optimizers.experimental.AdamW(1e-3, weight_decay=1e-4),
        tf.keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1),
    )
    targets = np.eye(classes, dtype=np.float32)[labels]
    network.fit(
        ready * np.float32(np.sqrt(ready.shape[1])),
        targets,
        sample_weight=weights,
        batch_size=128,
        epochs=voter.epochs,
        verbose=0,
    )
    first, bias1, second, bias2 = (w.astype(np.float32) for w in network.get_weights())
    return first, bias1, second, bias2


class SpellingVoter:
    """Character n-grams into a linear softmax: sees through every seventh letter wrong."""

    def __init__(self, features: int = 60_000, epochs: int = 4, decay: float = 2e-6):
        """Set how many n-grams to keep, the passes over the data and the weight decay."""
        self.features, self.epochs, self.decay = features, epochs, decay
        self.vectorizer = self._vectorizer()
        self.weights = np.zeros((0, 0), dtype=np.float32)

    def _vectorizer(self) -> TfidfVectorizer:
        return TfidfVectorizer(
            analyzer="char_wb",
            ngram_range=(2, 5),
            max_features=self.features,
            sublinear_tf=True,
            min_df=2,
            lowercase=False,
            dtype=np.float32,
        )

    def fit(self, texts: list[str], labels: Labels) -> SpellingVoter:
        """Learn from folded texts and the numbers of their intents."""
        self.vectorizer = self._vectorizer()
        matrix = self.vectorizer.fit_transform(texts)
        self.weights = _train_softmax(matrix, labels, self.epochs, self.decay)
        return self

    def probabilities(self, texts: list[str]) -> Floats:
        """Return one row of probabilities a folded text."""
        # In float64, scipy would convert all the weights at each message.
        matrix = self.vectorizer.transform(texts).astype(np.float32)
        scores = matrix @ self.weights[:-1] + self.weights[-1]
        return softmax(np.asarray(scores, dtype=np.float32))

    def state(self) -> dict[str, Any]:
        """Return what must be stored, as numpy arrays."""
        vocabulary = self.vectorizer.vocabulary_
        terms = sorted(vocabulary, key=vocabulary.__getitem__)
        return {
            "terms": np.array(terms),
            "idf": self.vectorizer.idf_.astype(np.float32),
            "weights": self.weights.astype(np.float16),
        }

    @classmethod
    def restore(cls, state: dict[str, Any]) -> SpellingVoter:
        """Return the voter that `state` came from."""
        voter = cls()
        terms = [str(term) for term in state["terms"]]
        voter.vectorizer = voter._vectorizer()
        voter.vectorizer.vocabulary_ = {term: i for i, term in enumerate(terms)}
        voter.vectorizer.idf_ = state["idf"].astype(np.float32)
        voter.weights = state["weights"].astype(np.float32)
        return voter


def _train_softmax(matrix: sparse.csr_matrix, labels: Labels, epochs: int, decay: float) -> Floats:
    """Multinomial logistic regression by AdaGrad on mini-batches of a sparse matrix.

    scikit-learn's solvers take minutes at this size (60,000 columns, 61 intents).
    """
    rows, columns = matrix.shape
    classes = int(labels.max()) + 1
    weights = np.zeros((columns + 1, classes), dtype=np.float32)
    history = np.full((columns + 1, classes), 1e-6, dtype=np.float32)
    dice = np.random.default_rng(0)
    for _ in range(epochs):
        order = dice.permutation(rows)
        for start in range(0, rows, 128):
            chosen = order[start : start + 128]
            batch = matrix[chosen]
            wrong = softmax(np.asarray(batch @ weights[:-1] + weights[-1], dtype=np.float32))
            wrong[np.arange(len(chosen)), labels[chosen]] -= 1.0
            wrong /= len(chosen)
            used = np.unique(batch.indices)
            slope = np.asarray(batch[:, used].T @ wrong, dtype=np.float32)
            slope += decay * weights[used]
            history[used] += slope**2
            weights[used] -= 0.5 * slope / np.sqrt(history[used])
            bias = wrong.sum(axis=0)
            history[-1] += bias**2
            weights[-1] -= 0.1 * bias / np.sqrt(history[-1])
    return weights
