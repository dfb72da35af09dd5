"""Makes `sop/detectors/adverts.model` from the lines of `sop/corpus`, and says what it is worth.

Needs scikit-learn, which nothing else does: `pip install scikit-learn` into an environment of its
own that also sees this project. Each family of adverts is left out once and judged by a model that
has not seen it, and so is each family of ordinary lines. The result depends on the corpus alone.

    python -m benchmarks.train_adverts            # measure, then write
    python -m benchmarks.train_adverts --measure  # measure only
"""

import re
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

import sop
from benchmarks.corpus import Line, digest, lines
from sop.detectors.ad_evidence import Evidence, own_words, typed_beside
from sop.detectors.detector_data import packaged
from sop.detectors.unmasking import unmask
from sop.detectors.wording import SHORT, Wording, begins, phrased, pieces, windows, write

STRENGTH = 3.0
STEPS = 127
"""A weight is a whole number up to this."""

RARE = 5
"""Pieces in fewer windows have no weight."""

FAMILIES = 2
"""Pieces in lines of fewer families have none either: they say little about families to come."""

TELLING = 0.4
"""How much a piece is believed for telling the kinds apart by itself, beside for being there."""

PRIOR = 0.2
"""How much a signal is believed before anything is learned, beside a piece of text."""

ADS = packaged().ads
WEIGHTS = {
    **ADS.contact,
    **{one.name: one.weight for one in ADS.signals},
    **{name: getattr(ADS, name) for name in ("link", "prices", "number", "disguise", "solicit")},
}
SIGNALS = [name for name, weight in WEIGHTS.items() if weight]

QUOTES = "引用广告"
"""The family that quotes adverts to warn of them is no example of ordinary wording."""


class Examples:
    """The corpus as windows of text: an ordinary line must be ordinary in each of its windows.

    What else is found in a line (its signals, but for the wording) is learned beside its pieces,
    so that each weighs what the others leave over.
    """

    def __init__(self, corpus: list[Line]) -> None:
        self.lines = [line for line in corpus if line.family != QUOTES]
        self.adverts = np.array([line.is_advert for line in self.lines])
        texts, owner, whole, said = [], [], [], []
        for at, line in enumerate(self.lines):
            words = phrased(unmask(line.text).text)
            parts = [
                "^" * begins(words, start, end) + words[start:end] for start, end in windows(words)
            ]
            others = pointed_otherwise(words, at)
            texts += [*parts, *others]
            owner += [at] * len(parts + others)
            whole += [True, *[False] * (len(parts) - 1), *[True] * len(others)]
            said += [*[True] * len(parts), *[False] * len(others)]
        self.owner, self.said = np.array(owner), np.array(said)
        self.taught = np.array(whole) | ~self.adverts[self.owner]
        self.counter = CountVectorizer(analyzer=lambda words: [*pieces(words)], min_df=RARE)
        lengths = np.maximum([len(one) for one in texts], SHORT)
        counts = self.counter.fit_transform(texts)
        signals = sparse.csr_matrix(found(self.lines))[self.owner]
        self.features = sparse.hstack(
            [sparse.diags(1 / np.sqrt(lengths)) @ counts, signals]
        ).tocsr()
        lines = sparse.csr_matrix((np.ones(len(owner)), (owner, range(len(owner)))))
        self.held = (lines @ (counts > 0) > 0).astype(float).tocsr()

    def belief(self, known: np.ndarray) -> np.ndarray:
        """Return how much each piece is believed before it is weighed beside the others."""
        adverts, ordinary = (known & kind for kind in (self.adverts, ~self.adverts))
        often, seldom = (
            (np.asarray(self.held[kind].sum(axis=0)).ravel() + 1) / kind.sum()
            for kind in (adverts, ordinary)
        )
        belief = 1 - TELLING + TELLING * np.abs(np.log(often / seldom))
        names = {(line.family, line.is_advert): at for at, line in enumerate(self.lines)}
        family = [names[line.family, line.is_advert] for line in self.lines]
        joined = sparse.csr_matrix((known.astype(float), (family, range(len(family)))))
        families = np.asarray((joined @ self.held > 0).sum(axis=0)).ravel()
        return belief * (families >= FAMILIES)

    def fit(self, known: np.ndarray) -> tuple[np.ndarray, float]:
        """Return the weights of pieces and then signals, and the bias, by the lines in `known`."""
        rows = np.where(known[self.owner] & self.taught)[0]
        belief = np.concatenate([self.belief(known), np.full(len(SIGNALS), PRIOR)])
        model = LogisticRegression(C=STRENGTH, solver="liblinear", class_weight="balanced")
        model.fit((self.features @ sparse.diags(belief))[rows], self.adverts[self.owner[rows]])
        return model.coef_[0] * belief, float(model.intercept_[0])

    def scores(self, weights: np.ndarray, bias: float) -> np.ndarray:
        """Return each line's score: that of its best window."""
        best = np.full(len(self.lines), -np.inf)
        found = self.features[self.said] @ weights + bias
        np.maximum.at(best, self.owner[self.said], found)
        return best

    def unseen(self, folds: int = 5) -> np.ndarray:
        """Return each line's score by a model that has not seen its family, or its like."""
        groups = [one.family for one in self.lines]
        scores = np.zeros(len(self.lines))
        for taught, left in GroupKFold(folds).split(groups, groups=groups):
            known = np.zeros(len(self.lines), dtype=bool)
            known[taught] = True
            scores[left] = self.scores(*self.fit(known))[left]
        return scores


def pointed_otherwise(words: str, turn: int) -> list[str]:
    """Return the words as somebody else would point them, so that pointing alone proves little."""
    inner = words.strip("^$")
    other = re.sub("[ ,!?:、]+", ("", " ", "!", ",")[turn % 4], inner)
    return [] if other == inner else [f"^{other}$"]


def found(lines: list[Line]) -> np.ndarray:
    """Return how much of each signal is found in each line, in units of its weight."""
    evidence = Evidence(packaged(), ADS.known)
    amounts = np.zeros((len(lines), len(SIGNALS)))
    for row, line in zip(amounts, lines, strict=True):
        plain = unmask(line.text)
        own, others, _ = own_words(plain.text, ADS)
        around = (
            *evidence.linked(typed_beside(plain, others)),
            *evidence.disguises(plain, others),
        )
        for one in (*around, *evidence.found(own), *evidence.against(own)):
            if one.name in SIGNALS:
                row[SIGNALS.index(one.name)] += one.weight / WEIGHTS[one.name]
    return amounts


def report(examples: Examples, scores: np.ndarray) -> None:
    adverts, ordinary = scores[examples.adverts], np.sort(scores[~examples.adverts])[::-1]
    print(f"{len(adverts)} adverts, {len(ordinary)} ordinary lines")
    for share in (0.002, 0.005, 0.01, 0.02, 0.05):
        limit = ordinary[int(len(ordinary) * share)]
        print(f"of ordinary lines {share:5.1%} above {limit:5.2f}: {np.mean(adverts > limit):.1%}")
    limit = ordinary[int(len(ordinary) * 0.01)]
    caught = defaultdict(list)
    for line, score in zip(examples.lines, scores, strict=True):
        if line.is_advert:
            caught[line.family].append(score > limit)
    worst = sorted((float(np.mean(hits)), family) for family, hits in caught.items())
    print("families, worst first:", ", ".join(f"{name} {share:.0%}" for share, name in worst))


def quantised(examples: Examples, weights: np.ndarray, bias: float) -> Wording:
    names = examples.counter.get_feature_names_out()
    weights = weights[: len(names)]
    scale = float(np.abs(weights).max()) / STEPS
    steps = np.rint(weights / scale).astype(int)
    kept = {str(name): int(step) for name, step in zip(names, steps, strict=True) if step}
    return Wording(kept, scale, bias, digest())


def main() -> None:
    examples = Examples(lines())
    report(examples, examples.unseen())
    weights, bias = examples.fit(np.ones(len(examples.lines), dtype=bool))
    learned = zip(SIGNALS, weights[-len(SIGNALS) :], strict=True)
    print("weights of signals:", ", ".join(f"{name} {weight:.2f}" for name, weight in learned))
    if "--measure" not in sys.argv:
        model = quantised(examples, weights, bias)
        path = Path(sop.__path__[0]) / "detectors" / "adverts.model"
        path.write_text(write(model), encoding="utf-8")
        print(f"{path}: {len(model.weights)} pieces, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
