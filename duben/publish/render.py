"""Views → bytes, by Jinja."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2

from duben.diagnostics import Report
from duben.model import Location
from duben.publish.views import Frame

INTERFACE = "interface.json"
ASSETS = "assets"


def theme_folder() -> Path:
    """Where duben's own templates are: inside the package when installed, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


class Theme:
    """Templates, interface strings and assets: the edition's own first, then duben's."""

    def __init__(self, own: Path | None = None) -> None:
        """own: a folder whose templates and assets stand in for duben's of the same name."""
        builtin = theme_folder()
        self.folders = [folder for folder in (own, builtin) if folder and folder.is_dir()]
        self.environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(self.folders),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )

    def interface(self, report: Report) -> Mapping[str, Mapping[str, str]]:
        """Interface strings: key → language → string."""
        strings: dict[str, Mapping[str, str]] = {}
        for folder in reversed(self.folders):
            path = folder / INTERFACE
            if path.is_file():
                try:
                    strings.update(json.loads(path.read_text("utf-8")))
                except ValueError as error:
                    report.error(Location(path.as_posix()), "template-error", str(error))
        return strings

    def assets(self) -> tuple[tuple[str, Path], ...]:
        """(path in the output, path on disk) of each asset, sorted."""
        found: dict[str, Path] = {}
        for folder in reversed(self.folders):
            root = folder / ASSETS
            for path in sorted(root.rglob("*")) if root.is_dir() else ():
                if path.is_file() and not path.name.startswith("."):
                    found[f"{ASSETS}/{path.relative_to(root).as_posix()}"] = path
        return tuple(sorted(found.items()))

    def render(
        self, template: str, page: Frame, view: Any, ui: Mapping[str, str], report: Report
    ) -> bytes | None:
        """The page as UTF-8, or None where the template is wrong, which is reported."""
        try:
            return self.environment.get_template(template).render(page=page, view=view, ui=ui).encode("utf-8")
        except jinja2.TemplateSyntaxError as error:
            place = Location(self._shown(error.filename or template), error.lineno, 1)
            report.error(place, "template-error", error.message or "this template is not Jinja")
        except jinja2.TemplateNotFound as error:
            report.error(Location(template), "template-error", f"there is no template {error.name}")
        except jinja2.TemplateError as error:
            report.error(
                Location(self._shown(template)), "template-error", error.message or type(error).__name__
            )
        return None

    def _shown(self, name: str) -> str:
        for folder in self.folders:
            if (folder / name).is_file():
                return (folder / name).as_posix()
        return name
