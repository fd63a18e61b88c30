"""Pages are valid HTML and CSS by the Nu Html Checker, the validator behind validator.w3.org."""

from tests.browser import nu_messages

# Of 2024, and younger than the checker's list of pseudo-elements: it prints the folds that are closed.
TOO_NEW = "CSS: Unknown pseudo-element or pseudo-class “::details-content”."


def test_every_page_is_valid(pages):
    messages = [message for message in nu_messages(pages) if message["message"] != TOO_NEW]
    assert [(one["url"], one.get("lastLine"), one["message"]) for one in messages if one["type"] == "error"] == []
