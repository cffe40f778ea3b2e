"""What a session is about, as plain text: for calendars and feeds."""

import re

from readingroom.core.models import Group, Item, Person, Resource, Section, Session
from readingroom.site import paths, resource_files
from readingroom.text import characters, escape, plain


def format_headline(session: Session) -> str:
    """Return a session's kind and title on one line, with a remark on one that may not take place."""
    headline = plain.clean_line(session.headline)
    return f"{headline} ({session.remark})" if session.remark else headline


def render_description(session: Session, group: Group) -> str:
    """Return who leads a session, its abstract, its material and what it left, in paragraphs."""
    parts = [
        _format_leads(session),
        plain.render_plain_text(session.abstract),
        *map(_render_section, session.material),
        _render_resources(session, group),
    ]
    return "\n\n".join(part for part in parts if part)


def render_line(source: str) -> str:
    """Return an author's Markdown as one line of plain text, without the addresses of its links."""
    return plain.clean_line(_LINK_TARGET.sub("", plain.render_plain_text(source)))


_LINK_TARGET = re.compile(r" \((?:https?://|mailto:)[^\s()]*\)")  # after its label


def _format_leads(session: Session) -> str:
    leads = (
        Person(plain.clean_name(lead.name), affiliation=plain.clean_line(lead.affiliation)) for lead in session.leads
    )
    return f"Led by {', '.join(lead.label for lead in leads)}." if session.leads else ""


def _render_section(section: Section) -> str:
    lines = [
        plain.clean_line(section.heading),
        plain.render_plain_text(section.note),
        *map(_render_item, section.items),
    ]
    return "\n".join(line for line in lines if line)


def _render_item(item: Item) -> str:
    label = _format_label_and_url(item.title, escape.percent_encode_url(item.url))
    note = f" – {characters.WHITESPACE.sub(' ', plain.render_plain_text(item.note))}" if item.note else ""
    return f"{'  ' * item.depth}- {label}{note}"


def _format_label_and_url(label: str, url: str) -> str:
    return ": ".join(part for part in (plain.clean_line(label), url) if part)


def _render_resources(session: Session, group: Group) -> str:
    lines = [
        f"- {_format_label_and_url(each.title, find_resource_url(group, session, each))}" for each in session.resources
    ]
    return "\n".join(["Resources", *lines]) if lines else ""


def find_resource_url(group: Group, session: Session, resource: Resource) -> str:
    """Return the address of a resource on the web, or an empty text if it is not known."""
    if resource.is_link:
        return escape.percent_encode_url(resource.url)
    copy = resource_files.find_copy_path(session, resource)
    url = paths.build_absolute_url(group, copy) if copy else ""
    return url or resource_files.build_github_url(group, session, resource)
