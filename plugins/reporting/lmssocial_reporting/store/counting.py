"""From how much evidence there is to a profile: the same for every engine."""

from collections.abc import Iterable

from lmssocial_reporting.definition import LEAST_MEMBERS, RULE, Role, Rule
from lmssocial_reporting.people import Population
from lmssocial_reporting.store.atoms import bits_of
from lmssocial_reporting.store.blocks import States, ordered
from lmssocial_reporting.store.port import Profile, Tally
from lmssocial_reporting.store.suppression import slices_of


def profile_of(population: Population, tallies: Iterable[Tally], *, least: int, rule: Rule = RULE) -> Profile:
    """The profile of some members, with what could point at one of them left out."""
    place = {member.id: number for number, member in enumerate(ordered(population))}
    sustained, acting, emerging = ({role: list[int]() for role in Role} for _state in range(3))
    acts = dict.fromkeys(Role, 0)
    for strength, pieces in tallies:
        acts[strength.role] += pieces
        if strength.member not in place or not strength.days:
            continue
        doing = acting if strength.acts(rule) else emerging
        doing[strength.role].append(place[strength.member])
        if strength.sustains(rule):
            sustained[strength.role].append(place[strength.member])
    size = len(population.members)
    states = {
        role: States(*(bits_of(of[role], size) for of in (sustained, acting, emerging))) for role in Role
    }
    return Profile(
        window=population.window,
        members=size,
        enough=size >= LEAST_MEMBERS,
        slices=slices_of(population, states, least=least),
        acts=acts,
    )
