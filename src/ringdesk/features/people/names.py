"""What people and teams may be called. Pure."""

from ringdesk.kit.fields import checked_line
from ringdesk.kit.problems import FieldErrors

LONGEST = 200


def checked_name(field: str, value: str, errors: FieldErrors) -> str:
    """`value` on one line with something to be seen in it; what is wrong is noted in `errors` under the name `field`."""
    before = len(errors.items)
    name = checked_line(field, value, LONGEST, errors)
    if len(errors.items) == before and not any(character.isalnum() for character in name):
        errors.add(field, "required", "Write a name with at least one letter or digit.")
    return name
