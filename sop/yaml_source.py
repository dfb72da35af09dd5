"""The only reader of YAML: positions, duplicates and limits of what operators write."""

from importlib import resources

from ruamel.yaml import YAML


def load_packaged(name: str) -> object:
    """Return the plain data of a YAML file that ships inside the package `sop`."""
    text = resources.files("sop").joinpath(name).read_text("utf-8")
    return YAML(typ="safe", pure=True).load(text)
