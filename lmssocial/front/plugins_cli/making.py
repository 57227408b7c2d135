"""``lmssocial plugins new``: a plugin to begin with, complete and working."""

from pathlib import Path
from string import Template

import click

from lmssocial.core.hooks import HOOK_API
from lmssocial.core.hooks.host import installed
from lmssocial.core.hooks.manifest import NAME
from lmssocial.front.plugins_cli.base import plugins
from lmssocial.front.plugins_cli.skeleton import FILES


@plugins.command()
@click.argument("name")
@click.option(
    "--in",
    "parent",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="The folder to make it in; the present one if none is given.",
)
def new(name: str, parent: Path) -> None:
    """Write the plugin NAME into a new folder: a policy that works, its settings, tests and a translation."""
    if not NAME.fullmatch(name) or name.endswith("_") or "__" in name:
        raise click.ClickException(
            f"{name!r} cannot be a plugin's name: a small letter, then 1 to 30 small letters, digits or single _."
        )
    if name in {point.name for point in installed()}:
        raise click.ClickException(f"There is already a plugin called {name}. Take another name.")
    folder = parent / f"lmssocial-{name.replace('_', '-')}"
    if folder.exists():
        raise click.ClickException(f"{folder} exists already. Nothing was written.")
    words = {
        "name": name,
        "dist": folder.name,
        "title": name.replace("_", " ").capitalize(),
        "Class": "".join(part.capitalize() for part in name.split("_")) + "Settings",
        "api": f"{HOOK_API[0]}, {HOOK_API[1]}",
    }
    for path, text in FILES.items():
        file = folder / Template(path).substitute(words)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(Template(text).substitute(words), "utf-8")
        click.echo(file)
    click.echo(
        f"\nIt works as it is: it holds posts that are too long. Next:\n"
        f"  pip install pytest -e {folder}\n"
        f"  python -m pytest {folder}\n"
        f"  lmssocial plugins check {name}\n"
        f"  lmssocial plugins enable {name}\n"
        "docs/write-a-policy.md explains every part; docs/hooks.md names everything that can be used."
    )
