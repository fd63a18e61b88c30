"""Many trials, in processes of their own; what is there already is not tried again."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from synthetic.worlds import WORLDS, load_world
from tf_eval.certificate.store import Store
from tf_eval.certificate.trial import Trial, carry_out
from tf_eval.errors import RunError, in_words, raise_all
from tf_eval.runs import Plan
from tf_eval.runs.workers import settle


def trials_of(preset: str, worlds: Iterable[str] | None, counties: int) -> list[Trial]:
    """Return the trials by seed and then by world, so that a run that is stopped has about as many of each.

    Args:
        preset: the preset of which counties are drawn.
        worlds: names of worlds; default: all.
        counties: how many counties of each world.

    Raises:
        ConfigError: there is no such world.
    """
    asked = [load_world(name.strip()).name for name in (WORLDS if worlds is None else worlds)]
    return [Trial(preset, world, seed) for seed in range(1, counties + 1) for world in asked]


def run_trials(trials: Sequence[Trial], plans: Sequence[Plan], store: Store, *, jobs: int = 1) -> Iterator[Trial]:
    """Carry out the trials of which there is no record, and yield each once there is one.

    Raises:
        RunError: after all trials have ended, where any failed unexpectedly; at once where a process was killed. What
            was written down stays, and the next run goes on from there.
    """
    waiting = []
    for trial in trials:
        if store.has(trial):
            yield trial
        else:
            waiting.append(trial)
    problems = []
    for trial, problem in _run_all(waiting, plans, store, jobs):
        if problem:
            problems.append(f"{trial.world} {trial.seed}: {problem}")
        else:
            yield trial
    raise_all(RunError, "certify: counties failed", problems)


def _run_all(
    trials: Sequence[Trial], plans: Sequence[Plan], store: Store, jobs: int
) -> Iterator[tuple[Trial, str | None]]:
    """Yield each trial as it ends, with what went wrong."""
    if not trials:
        return
    workers = min(jobs, len(trials))
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=settle, initargs=(workers,)) as pool:
        futures = {pool.submit(_carry_out, trial, plans, store): trial for trial in trials}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        except BrokenProcessPool:
            raise RunError(
                "certify: a process was killed (is there enough memory?). Run it again to go on, with fewer --jobs."
            ) from None
        finally:
            pool.shutdown(cancel_futures=True)


def _carry_out(trial: Trial, plans: Sequence[Plan], store: Store) -> str | None:
    try:
        store.keep(carry_out(trial, plans))
    except Exception as error:
        return in_words(error)
    return None
