"""The command that proposes joint unions: ``match``."""

from typing import Any

import click

from enrollment.commands.options import print_json, territory_option
from enrollment.commands.start import migrated
from enrollment.matching.queries import matched
from enrollment.rules.matching import Proposal
from enrollment.rules.regions import Territory
from enrollment.web import clock
from enrollment.web.filters import region_name
from enrollment.web.words_of_matching import sentence


@click.command()
@territory_option
@click.option("--format", "shape", type=click.Choice(["json", "table"]), default="json")
def match(where: Territory, shape: str) -> None:
    """Small units without a union that can stand together, and why."""
    with migrated().app_context():
        found = matched(where, clock.today()).proposals
        if shape == "json":
            print_json([_told(proposal) for proposal in found])
        else:
            for proposal in found:
                click.echo("\t".join(_line(proposal)))


def _told(proposal: Proposal) -> dict[str, Any]:
    union = proposal.union
    return {
        "employers": [{"code": unit.code, "name": unit.name, "workers": unit.workers} for unit in proposal.units],
        "workers": proposal.workers,
        "reason": sentence(proposal.reasons),
        "existing_union": {"code": union.code, "name": union.name} if union else None,
    }


def _line(proposal: Proposal) -> tuple[str, ...]:
    """County, units, workers, why, and the joint union to join or nothing."""
    names = "、".join(unit.name for unit in proposal.units)
    union = proposal.union.name if proposal.union else ""
    return region_name(proposal.county), names, str(proposal.workers), sentence(proposal.reasons), union
