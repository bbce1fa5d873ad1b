"""What a site declares for decisions, or what is built in where it declares nothing: one rule for all who ask."""

from tailorbird.consent.purpose import Policy, load_policy
from tailorbird.offer.placement import Placements, load_placements
from tailorbird.shell.ports import Definitions


def placements_of(definitions: Definitions) -> Placements:
    """The placements in force. Raises BadDefinition."""
    return load_placements({one.name: one.body for one in definitions.all("placement")})


def policy_of(definitions: Definitions) -> Policy:
    """The consent policy in force. Raises BadDefinition."""
    found = definitions.all("consent")
    return load_policy(found[0].body) if found else Policy()
