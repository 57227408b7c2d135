"""The field with which people choose the group that a thread is for."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from lmssocial.web.forms import SafeForm, options
from lmssocial.widgets.discussion.access import Choice


class GroupFields(SafeForm):
    """A choice among groups, where there is one."""

    group = SelectField(_l("For whom"), choices=[])

    only_group: str = ""
    """The name of the one group it can be for, if there is no choice."""

    def offer(self, groups: Sequence[Choice], *, everybody: bool = False) -> None:
        """Let the person choose among ``groups``; without a choice there is no field.

        :param everybody: whether it may also be for everybody.
        """
        if len(groups) + everybody < 2:
            self.only_group = groups[0].name if groups else ""
            del self.group
            return
        first = [("", _l("Everybody"))] if everybody else [("", _l("Choose a group"))]
        self.group.choices = options([*first, *((str(one.id), one.name) for one in groups)])

    @property
    def group_id(self) -> int | None:
        """The group that was chosen."""
        chosen = self.group.data if "group" in self else ""
        return int(chosen) if chosen else None
