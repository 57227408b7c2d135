"""Why there is nothing to win: no target of acts, no page about somebody else, and no way to the grades."""

import ast
import importlib
import re
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Integer
from wtforms import IntegerField

import lmssocial_reporting
from lmssocial.plugin import SafeForm
from lmssocial_reporting.definition import Role
from lmssocial_reporting.targets import forms, models

HERE = Path(lmssocial_reporting.__file__).parent
FACADE = {"lmssocial.plugin", "lmssocial.plugin_data", "lmssocial.plugin_pages"}
GRADES = re.compile(r"gradebook|\bags\b|line_?item|lmssocial\.lms\.lti\.(ags|services)", re.IGNORECASE)


def test_no_column_and_no_field_of_a_target_holds_a_number_of_acts() -> None:
    tables = [
        table
        for name, table in models.TargetRow.metadata.tables.items()
        if name.startswith("reporting__target")
    ]
    numbers = {
        f"{table.name}.{column.name}"
        for table in tables
        for column in table.columns
        if isinstance(column.type, Integer) and not column.name.endswith("_id")
    }
    assert numbers == {
        "reporting__target.id",
        "reporting__target.written_by",
        "reporting__target.ratified_by",
        "reporting__target.retired_by",
        "reporting__target.kept_for",
        "reporting__target.kept_against",
        "reporting__target_band.low",
        "reporting__target_band.high",
        "reporting__target_remark.id",
    }
    asked = {
        (form.__name__, name)
        for form in vars(forms).values()
        if isinstance(form, type) and issubclass(form, SafeForm) and form is not SafeForm
        for name in vars(form)
        if getattr(getattr(form, name), "field_class", None) is IntegerField
    }
    assert asked == {("TargetForm", f"{role}_{end}") for role in Role for end in ("low", "high")}


@pytest.mark.usefixtures("backend")
def test_no_page_of_the_report_is_about_a_person(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if "/x/reporting/" in rule.rule]
    assert len(rules) > 20
    named = {
        rule.rule.partition("/x/reporting")[2]
        for rule in rules
        if {"user_id", "member", "member_id", "person", "person_id"} & set(rule.arguments)
    }
    assert named == {"/target/<int:target_id>/setters/<int:user_id>/drop"}, "who is named beside a target"
    mine = [rule for rule in rules if "/x/reporting/mine" in rule.rule]
    assert {argument for rule in mine for argument in rule.arguments} == {
        "placement_id",
        "withheld_id",
        "assessment_id",
    }


def test_the_report_imports_the_facade_and_nothing_else_of_ours() -> None:
    for file in HERE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                if name.partition(".")[0] == "lmssocial":
                    assert name in FACADE, f"{file.relative_to(HERE)} imports {name}"


def test_nothing_that_a_plugin_may_import_leads_to_the_grades() -> None:
    for name in sorted(FACADE):
        module = importlib.import_module(name)
        for exported in module.__all__:
            home = getattr(getattr(module, exported), "__module__", "") or ""
            assert not GRADES.search(home), f"{name}.{exported} comes from {home}"
    assert "lmssocial.social.gradebook" not in {
        node.module
        for name in FACADE
        for node in ast.walk(ast.parse(Path(str(sys.modules[name].__file__)).read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
    }


def test_what_members_say_of_skills_is_read_by_their_own_page_alone() -> None:
    readers = {
        file.relative_to(HERE).as_posix()
        for file in HERE.rglob("*.py")
        if "mine.models" in file.read_text(encoding="utf-8")
    }
    assert readers == {"mine/assessing.py", "mine/choosing.py", "mine/notices.py", "mine/leaving.py"}
