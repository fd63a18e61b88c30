"""Released things, and results by what may be shown of them, in JupyterLab as their page will show them."""

from IPython import get_ipython
from IPython.core.interactiveshell import InteractiveShell

from tf_eval.errors import TfEvalError
from tf_eval.release.gate import publish, publishable
from tf_eval.release.released import MIME_TYPE, Released
from tf_eval.report.fragments import to_html
from tf_eval.report.markup import fill, style


def register_display(shell: InteractiveShell | None = None) -> bool:
    """Have IPython show released things as HTML, beside the data that pages are made of. Return whether it does.

    A result that was not published is shown by the same gate, without those data: it reaches no page. Outside IPython
    nothing happens.
    """
    shell = shell or get_ipython()
    if shell is None:
        return False
    bundles = shell.display_formatter.mimebundle_formatter
    bundles.for_type(Released, _bundle)
    for kind in publishable():
        bundles.for_type(kind, _preview)
    return True


def _bundle(released: Released, include: object = None, exclude: object = None) -> dict[str, object]:
    return {MIME_TYPE: released.to_dict(), "text/html": _html(released), "text/plain": released.summary()}


def _preview(result: object, include: object = None, exclude: object = None) -> dict[str, object]:
    """Of what may not be shown, or was not estimated, IPython then prints what the result says of itself."""
    try:
        return {"text/html": _html(publish(result)), "text/plain": repr(result)}
    except TfEvalError:
        return {}


def _html(released: Released) -> str:
    return str(fill("display.html.j2", style=style(), released=released, fragment=to_html(released)))
