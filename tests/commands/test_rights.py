"""``who-may-what``: the table of rights as a person prints it."""

import csv
import io

import pytest
from click.testing import CliRunner

from enrollment.commands import cli
from enrollment.rules.access import Act, Role

HEADER = ["act", "role", "own", "other_county", "other_union", "signed_out"]


def printed(*options):
    done = CliRunner().invoke(cli, ["who-may-what", *options], catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def test_as_csv_there_is_a_line_for_every_act_and_role():
    header, *lines = csv.reader(io.StringIO(printed("--format", "csv")))

    assert header == HEADER
    assert {tuple(line[:2]) for line in lines} == {
        (act, role) for act in Act for role in Role if role is not Role.VISITOR
    }
    assert ["decide_application", "union_officer", "yes", "no", "no", "no"] in lines
    assert ["read_members", "county_cadre", "yes", "no", "yes", "no"] in lines
    assert ["apply", "operator", "yes", "yes", "yes", "yes"] in lines
    assert ["see_full_number", "auditor", "no", "no", "no", "no"] in lines


@pytest.mark.parametrize("options", [(), ("--format", "table")])
def test_as_a_table_it_says_the_same(options):
    table = [line.split() for line in printed(*options).splitlines()]

    assert table == list(csv.reader(io.StringIO(printed("--format", "csv"))))
