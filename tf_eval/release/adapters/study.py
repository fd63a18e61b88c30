"""Who was studied, as the views that the gate accepts."""

from tf_eval.cohort.allocation import AllocationTable
from tf_eval.cohort.flow import Flow
from tf_eval.matching import Balance, Population
from tf_eval.release import views
from tf_eval.release.adapters.common import number
from tf_eval.release.gate import register_view


def flow_view(flow: Flow) -> views.FlowView:
    """Who was studied."""
    rows = [views.FlowRow(step.step, step.arm, step.families, step.excluded, step.reason) for step in flow.steps]
    return views.FlowView(tuple(rows))


def allocation_view(table: AllocationTable) -> views.AllocationView:
    """Families identified and allocated by district, with each document once."""
    names = ("district", "period", "identified", "allocated", "extrapolated", "assessed")
    rows = [views.AllocationRow(**{name: getattr(row, name) for name in names}) for row in table.rows]
    documents = [table.total, *table.programme.allocation.districts.values()]
    sources = dict.fromkeys(document.source for document in documents)
    return views.AllocationView(tuple(rows), table.total.families, tuple(sources))


def balance_view(balance: Balance) -> views.BalanceView:
    """How alike the groups are: means and counts of the covariates stay here."""
    rows = [
        views.BalanceRow(row.label, number(row.smd_before), number(row.smd_after))
        for row in balance.table().itertuples(index=False)
    ]
    sizes = {arm: int(size) for arm, size in balance.effective.items()}
    return views.BalanceView(
        tuple(rows),
        sizes["treated"],
        sizes["comparison"],
        threshold=balance.threshold,
        limit=balance.limit,
        sentence=balance.summary(),
        adjusted_by=balance.adjusted_by,
    )


def population_view(population: Population) -> views.PopulationView:
    """Whom the answer is about: means of the covariates stay here."""
    rows = [
        views.PopulationRow(row.label, number(row.shift), number(row.shift_left_out))
        for row in population.table().itertuples(index=False)
    ]
    counts = {name: population.rows[name] for name in ("studied", "left_out")}
    return views.PopulationView(tuple(rows), counts["studied"], counts["left_out"], population.notable)


for _result, _to_view in (
    (Flow, flow_view),
    (AllocationTable, allocation_view),
    (Balance, balance_view),
    (Population, population_view),
):
    register_view(_result, _to_view)
