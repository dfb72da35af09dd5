"""Makes `sop/detectors/adverts.model` from the lines of `sop/corpus`, and says what it is worth.

Needs scikit-learn, which nothing else does: `pip install scikit-learn` into an environment of its
own that also sees this project. Each family of adverts is left out once and judged by a model that
has not seen it, and so is each family of ordinary lines. The result depends on the corpus alone.

    python -m benchmarks.train_adverts            # measure, then write
    python -m benchmarks.train_adverts --measure  # measure only
"""

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
from sop.detectors.unmasking import unmask
from sop.detectors.wording import _SHORT, LONGEST, Wording, bare, windows, write

STRENGTH = 3.0
STEPS = 127
"""A weight is a whole number up to this."""

QUOTES = "引用广告"
"""The family that quotes adverts to warn of them is no example of ordinary wording."""


class Examples:
    """The corpus as windows of text: an ordinary line must be ordinary in each of its windows."""

    def __init__(self, corpus: list[Line]) -> None:
        self.lines = [line for line in corpus if line.family != QUOTES]
        self.adverts = np.array([line.is_advert for line in self.lines])
        pieces, owner, whole = [], [], []
        for at, line in enumerate(self.lines):
            words = bare(unmask(line.text).text)
            for place, (start, end) in enumerate(windows(words)):
                pieces.append(words[start:end])
                owner.append(at)
                whole.append(place == 0)
        self.owner = np.array(owner)
        self.taught = np.array(whole) | ~self.adverts[self.owner]
        self.counter = CountVectorizer(
            analyzer="char", ngram_range=(1, LONGEST), lowercase=False, min_df=2
        )
        lengths = np.maximum([len(one) for one in pieces], _SHORT)
        counts = self.counter.fit_transform(pieces)
        self.features = (sparse.diags(1 / np.sqrt(lengths)) @ counts).tocsr()

    def fit(self, known: np.ndarray) -> LogisticRegression:
        """Return a model of the lines marked in `known`."""
        rows = np.where(known[self.owner] & self.taught)[0]
        model = LogisticRegression(C=STRENGTH, solver="liblinear", class_weight="balanced")
        return model.fit(self.features[rows], self.adverts[self.owner[rows]])

    def scores(self, model: LogisticRegression) -> np.ndarray:
        """Return each line's score: that of its best window."""
        best = np.full(len(self.lines), -np.inf)
        np.maximum.at(best, self.owner, model.decision_function(self.features))
        return best

    def unseen(self, folds: int = 5) -> np.ndarray:
        """Return each line's score by a model that has not seen its family, or its like."""
        groups = [one.family for one in self.lines]
        scores = np.zeros(len(self.lines))
        for taught, left in GroupKFold(folds).split(groups, groups=groups):
            known = np.zeros(len(self.lines), dtype=bool)
            known[taught] = True
            scores[left] = self.scores(self.fit(known))[left]
        return scores


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


def quantised(examples: Examples, model: LogisticRegression) -> Wording:
    weights = model.coef_[0]
    scale = float(np.abs(weights).max()) / STEPS
    steps = np.rint(weights / scale).astype(int)
    names = examples.counter.get_feature_names_out()
    kept = {str(name): int(step) for name, step in zip(names, steps, strict=True) if step}
    return Wording(kept, scale, float(model.intercept_[0]), digest())


def main() -> None:
    examples = Examples(lines())
    report(examples, examples.unseen())
    if "--measure" not in sys.argv:
        model = quantised(examples, examples.fit(np.ones(len(examples.lines), dtype=bool)))
        path = Path(sop.__path__[0]) / "detectors" / "adverts.model"
        path.write_text(write(model), encoding="utf-8")
        print(f"{path}: {len(model.weights)} pieces, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
