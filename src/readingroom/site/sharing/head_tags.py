"""What a page says of itself in its head: to search engines, and to programs that show a preview of a link.

The tags are those of https://ogp.me and https://developer.x.com/en/docs/x-for-websites/cards.
"""

from collections.abc import Container, Sequence
from typing import NamedTuple

from readingroom.core import date_format
from readingroom.core.models import Group, Session, Status
from readingroom.site import description, paths
from readingroom.site.people import LeadProfile
from readingroom.text import plain
from readingroom.text.phrases import format_count, shorten_text

MAX_DESCRIPTION = 200  # search engines and previews show no more
MAX_FACTS = 120


class PageSummary(NamedTuple):
    """A page's title, description, path in the site (empty if it has no address of its own) and image."""

    title: str
    description: str = ""
    path: str = ""
    image: str = paths.SHARE_IMAGE

    @property
    def type(self) -> str:
        """The type of Open Graph."""
        return "website" if self.image == paths.SHARE_IMAGE else "article"


def summarize_session(session: Session, group: Group, title: str, drawn: Container[str]) -> PageSummary:
    """Return the summary of a session's page; ``drawn`` are the paths of the images that there are."""
    facts = shorten_text(format_facts(session, group), MAX_FACTS)
    text = " ".join(filter(None, [facts and f"{facts}.", summarize_content(session)]))
    own = paths.get_session_image_path(session)
    return PageSummary(
        title,
        shorten_text(text or f"Material of {plain.clean_name(group.name)}.", MAX_DESCRIPTION),
        paths.get_page_path(session),
        own if own in drawn else paths.SHARE_IMAGE,
    )


def summarize_content(session: Session) -> str:
    """Return a session's abstract on one line, or if it has none what is read."""
    titles = (plain.clean_line(item.title) for section in session.material for item in section.items)
    reading = ", ".join(filter(None, titles))
    return description.render_line(session.abstract) or (f"Reading: {reading}." if reading else "")


def format_facts(session: Session, group: Group) -> str:
    """Return when and where a session is and who leads it, on one line."""
    day = date_format.format_date(session.date, group.date_format, group.locale) if session.date else ""
    when = f"{day}, {session.time} ({group.time_zone})" if day and session.time else day
    leads = ", ".join(plain.clean_name(lead.name) for lead in session.leads)
    remark = "Free slot" if session.status == Status.OPEN else session.remark.capitalize()
    return " · ".join(filter(None, [remark, when, plain.clean_line(session.room), leads]))


def summarize_index(group: Group) -> PageSummary:
    """Return the summary of the first page: what the group says of itself, or when it usually meets."""
    said = description.render_line(group.site.text) if group.site else ""
    usual = ", ".join(filter(None, [f"{group.day}s" if group.day else "", group.time and f"{group.time}"]))
    own = f"{usual} ({group.time_zone}). " if usual else ""
    name = plain.clean_name(group.name)
    text = said or f"{own}Upcoming and previous sessions of {name}, with what was read and shown."
    return PageSummary(name, shorten_text(text, MAX_DESCRIPTION), paths.INDEX)


def summarize_list(path: str, title: str, group: Group, sessions: Sequence[Session]) -> PageSummary:
    """Return the summary of a page about several sessions."""
    count = format_count(len(sessions), "session")
    return PageSummary(title, f"{plain.clean_name(group.name)} · {title}: {count}.", path)


def summarize_lead(lead: LeadProfile, group: Group) -> PageSummary:
    """Return the summary of a person's page: the titles of the sessions that the person leads."""
    titles = ", ".join(plain.clean_line(session.name) for session in reversed(lead.sessions))
    text = f"Sessions of {plain.clean_name(group.name)}: {titles}."
    return PageSummary(plain.clean_name(lead.name), shorten_text(text, MAX_DESCRIPTION), lead.path)
