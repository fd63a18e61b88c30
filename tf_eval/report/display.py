"""Released things shown in JupyterLab as their page will show them."""

from IPython import get_ipython
from IPython.core.interactiveshell import InteractiveShell

from tf_eval.release.released import MIME_TYPE, Released
from tf_eval.report.fragments import to_html
from tf_eval.report.markup import fill, style


def register_display(shell: InteractiveShell | None = None) -> bool:
    """Have IPython show released things as HTML, beside the data that pages are made of. Return whether it does.

    Outside IPython nothing happens.
    """
    shell = shell or get_ipython()
    if shell is None:
        return False
    shell.display_formatter.mimebundle_formatter.for_type(Released, _bundle)
    return True


def _bundle(released: Released, include: object = None, exclude: object = None) -> dict[str, object]:
    html = fill("display.html.j2", style=style(), released=released, fragment=to_html(released))
    return {MIME_TYPE: released.to_dict(), "text/html": str(html), "text/plain": released.summary()}
