"""Words, figures, tables, pages and the site, made from released things alone. It computes nothing."""

from tf_eval.report.archive import Releases
from tf_eval.report.county_pages import CountyPage, brief_changes
from tf_eval.report.display import register_display
from tf_eval.report.downloads import Download, Publisher
from tf_eval.report.edition import Edition, Told, read_edition
from tf_eval.report.exporter import Reading, page_html, read_notebook, render_page
from tf_eval.report.failure import FailedPage, render_failure
from tf_eval.report.fragments import to_html
from tf_eval.report.page_files import Imprint, page_files
from tf_eval.report.site import Besides, Page, address, build_site, render_index

__all__ = [
    "Besides",
    "CountyPage",
    "Download",
    "Edition",
    "FailedPage",
    "Imprint",
    "Page",
    "Publisher",
    "Reading",
    "Releases",
    "Told",
    "address",
    "brief_changes",
    "build_site",
    "page_files",
    "page_html",
    "read_edition",
    "read_notebook",
    "register_display",
    "render_failure",
    "render_index",
    "render_page",
    "to_html",
]
