"""Words, figures, tables, pages and the site, made from released things alone. It computes nothing."""

from tf_eval.report.county_pages import CountyPage
from tf_eval.report.display import register_display
from tf_eval.report.downloads import Download, Publisher
from tf_eval.report.exporter import Reading, page_html, read_notebook, render_page
from tf_eval.report.fragments import to_html
from tf_eval.report.page_files import Imprint, page_files
from tf_eval.report.site import Page, build_site, render_index

__all__ = [
    "CountyPage",
    "Download",
    "Imprint",
    "Page",
    "Publisher",
    "Reading",
    "build_site",
    "page_files",
    "page_html",
    "read_notebook",
    "register_display",
    "render_index",
    "render_page",
    "to_html",
]
