"""Who publishes a site: a small file, read when the site is made."""

from pathlib import Path

from pydantic import Field

from tf_eval import project
from tf_eval.data.strict_model import StrictModel, validate
from tf_eval.data.yaml_file import load_yaml
from tf_eval.report import Publisher

PUBLISHER_FILE = "params/publisher.yaml"


class PublisherFile(StrictModel):
    """What such a file says: the organisation, and whom to ask."""

    name: str = Field(min_length=1)
    contact: str = Field(min_length=1)


def load_publisher(path: str | Path = PUBLISHER_FILE) -> Publisher:
    """Return who publishes; raise ``InputError`` where the file is missing and ``ConfigError`` where it is wrong."""
    found = project.locate(path, "file on the publisher")
    said = validate(PublisherFile, load_yaml(found), found)
    return Publisher(said.name, said.contact)
