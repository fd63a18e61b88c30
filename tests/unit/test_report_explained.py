"""Hard words explained where they are first used."""

import re

import pytest

from tf_eval.report.explained import SIGNS, WRITTEN, explained, patterns, term_key
from tf_eval.report.words import GLOSSARY


def test_the_first_use_of_a_term_opens_its_meaning_and_later_ones_are_left_alone():
    html = explained("<p>Better than like families.</p><p>Other like families.</p>")
    assert html == (
        '<p>Better than <button type="button" class="term" popovertarget="word-like-families">like families</button>'
        f'<span class="meaning-of" id="word-like-families" popover>{GLOSSARY["Like families"]}</span>.</p>'
        "<p>Other like families.</p>"
    )


@pytest.mark.parametrize("term", sorted(set(GLOSSARY) - set(SIGNS)))
def test_every_term_is_found_where_it_stands_as_the_glossary_has_it(term):
    assert term_key(term) in explained(f"<p>They {term.lower()} here.</p>")


@pytest.mark.parametrize(
    "apart",
    [
        "<h2>Like families</h2>",
        '<p><a href="#x">like families</a></p>',
        "<details><summary>like families</summary></details>",
        "<table><tr><td>like families</td></tr></table>",
        "<figure><figcaption><p>like families</p></figcaption></figure>",
        "<dl><div><dt>Like families</dt><dd>like families</dd></div></dl>",
        "<p><code>like families</code></p>",
        "<div>like families</div>",
    ],
)
def test_only_running_text_is_explained(apart):
    assert explained(apart) == apart


def test_all_else_of_a_page_stays_as_it_is():
    html = (
        '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8"><style>p > a { color: red; }</style></head>'
        '<body><p class="x">5 &lt; 6 &amp; 7&#8203; <b>more</b><br> &pound;3</p><!-- a note --></body></html>\n'
    )
    assert explained(html) == html


def test_a_term_inside_another_waits_for_its_next_use():
    html = explained("<p>The smallest effect worth having, and a range of 20 percentage points.</p>")
    assert re.findall(r'popovertarget="([a-z-]+)"', html) == [
        "word-smallest-effect-worth-having",
        "word-interval",
        "word-percentage-points",
    ]


def test_a_page_that_shows_markup_as_text_keeps_it_harmless():
    html = explained("<p>&lt;script&gt; like families &lt;/script&gt;</p>")
    assert "<script" not in html and "&lt;script&gt;" in html


def test_terms_and_the_ways_of_writing_them_belong_together():
    assert set(WRITTEN) <= set(GLOSSARY)
    assert set(patterns()) == set(GLOSSARY) - set(SIGNS)
    assert len({term_key(term) for term in patterns()}) == len(patterns())
