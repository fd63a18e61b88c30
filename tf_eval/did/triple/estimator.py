"""Triple differences: how the gap between eligible and ineligible units moves where treatment begins, and elsewhere.

Ortiz-Villavicencio and Sant'Anna (2025, "Better understanding triple differences estimators", arXiv:2505.09942).
"""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array

from tf_eval.did.caution import Caution
from tf_eval.did.design import Design
from tf_eval.did.estimation import Estimation
from tf_eval.did.group_time.cells import Cells, empty_cells
from tf_eval.did.group_time.engine import Traced, trace_groups
from tf_eval.did.inference.clusters import influence_of_clusters
from tf_eval.did.inference.combined import Combined
from tf_eval.did.reading.panel import Panel
from tf_eval.did.triple.alternatives import Alternative, Offer
from tf_eval.did.triple.parts import Triple, find_triples
from tf_eval.did.triple.weighing import Alternatives
from tf_eval.matching.display import so_many


def estimate_triple(panel: Panel, design: Design) -> Estimation:
    """Return the effects on eligible units where treatment has begun.

    From what their change exceeds that of the ineligible beside them by, the same excess in a cohort not yet treated is
    taken. With covariates, all three are brought to those of the eligible treated: three differences-in-differences of
    the same treated units, of which two differences-in-differences of eligible against ineligible units are no stand-in
    (section 3). Not-yet-treated cohorts are not pooled, for their shares of eligible units differ (section 4): each
    gives an estimate by itself, and these are weighted by their precision.

    Raises ``InputError`` where no unit is ineligible.
    """
    triples = find_triples(panel, design)
    traced = trace_groups(panel, design, [part for triple in triples for part in triple.parts])
    mass = traced.mass[:, _firsts(triples)]
    cells = empty_cells(panel, [triple.own for triple in triples], np.asarray(mass.sum(axis=0)).ravel())
    chosen, passed_over = _choose(traced, triples, cells)
    weights = _weights(traced, chosen, len(cells))
    _fill(cells, traced.cells, weights)
    source = Combined(traced.trace, weights)
    influence = influence_of_clusters(source, panel.clusters, panel.block, mass, len(cells))
    return Estimation(cells, influence, (*traced.notes, *_notes(panel, design, triples, passed_over)))


def _firsts(triples: Sequence[Triple]) -> np.ndarray:
    """Return where, among all parts, the parts of each triple begin."""
    return np.cumsum([0, *(len(triple.parts) for triple in triples)])[:-1]


def _choose(traced: Traced, triples: Sequence[Triple], cells: Cells) -> tuple[list[list[Alternative]], int]:
    """Return the alternatives of each cell, and how many cells have more of them that were passed over.

    What is to be said of a cell is written into ``cells``.
    """
    chosen: list[list[Alternative]] = []
    place, passed_over = 0, 0
    for first, triple in zip(_firsts(triples), triples, strict=True):
        shape = (len(triple.parts), len(triple.own.after))
        offer = Offer.of(traced, first, place + np.arange(np.prod(shape)).reshape(shape))
        place += offer.places.size
        for number in range(shape[1]):
            found = list(offer.alternatives(number))
            cells.reason[len(chosen)] = offer.caveat(found) if found else offer.obstacle(number)
            passed_over += len(found) < offer.n_possible(number)
            chosen.append(found)
    return chosen, passed_over


def _notes(panel: Panel, design: Design, triples: Sequence[Triple], passed_over: int) -> list[str]:
    served = np.zeros(len(panel), dtype=bool)
    for part in (part for triple in triples for part in triple.parts):
        for block in (part.treated, *part.pool):
            served[block.rows] = True
    left_out = int((~served).sum())
    told = {
        f"Left out: {design.told(left_out)} units of starts in which all are eligible, or none is.": left_out,
        f"In {so_many(passed_over, 'cell')} cohorts with a single eligible or ineligible unit are left out: how far "
        "such units differ, and so what the cohort should count, cannot be seen.": passed_over,
    }
    return [Caution(note) for note, count in told.items() if count]


def _weights(traced: Traced, chosen: Sequence[Sequence[Alternative]], n_cells: int) -> csr_array:
    """Return what each cell of the parts counts in each cell of the triple difference."""
    found = np.array([one for alternatives in chosen for one in alternatives], dtype=np.int64).reshape(-1, 3)
    cell = np.repeat(np.arange(n_cells), [len(alternatives) for alternatives in chosen])
    column = np.repeat(np.arange(len(found)), 3)
    signs = np.tile([1.0, 1.0, -1.0], len(found))
    alone = csr_array((signs, (found.ravel(), column)), (len(traced.cells), len(found)))
    start = np.array([traced.groups[traced.cells.group[one]].pool[0].adopted for one in found[:, 1]])
    weight = Alternatives(Combined(traced.trace, alone), cell, start, traced.trace.ledger.panel.adopted).weights()
    return csr_array(alone @ csr_array((weight, (np.arange(len(found)), cell)), (len(found), n_cells)))


def _fill(cells: Cells, parts: Cells, weights: csr_array) -> None:
    """Write the effects, means and counts into ``cells``."""
    for cell in range(len(cells)):
        places = weights[:, [cell]].nonzero()[0]
        if not len(places):
            continue
        cells.att[cell] = weights[places, cell].toarray().ravel() @ parts.att[places]
        cells.treated_mean[cell] = parts.treated_mean[places[0]]
        cells.n_treated[cell] = parts.n_treated[places[0]]
        cells.n_comparison[cell] = parts.n_comparison[places].sum()
