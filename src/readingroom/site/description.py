"""What a session is about, as plain text: for calendars and feeds."""

from readingroom.core.models import Group, Item, Person, Resource, Section, Session
from readingroom.site import paths, resource_files
from readingroom.text import characters, escape, plain


def format_headline(session: Session) -> str:
    """Return a session's kind and title on one line, with a word for one that may not take place."""
    shown = plain.clean_line(session.headline)
    return f"{shown} ({session.remark})" if session.remark else shown


def render_description(session: Session, group: Group) -> str:
    """Return who leads a session, its abstract, its material and what it left, in paragraphs."""
    parts = [
        _format_leads(session),
        plain.render_plain_text(session.abstract),
        *map(_render_section, session.material),
        _render_resources(session, group),
    ]
    return "\n\n".join(part for part in parts if part)


def _format_leads(session: Session) -> str:
    names = [
        Person(plain.clean_name(who.name), affiliation=plain.clean_line(who.affiliation)).label for who in session.leads
    ]
    return f"Led by {', '.join(names)}." if names else ""


def _render_section(section: Section) -> str:
    lines = [
        plain.clean_line(section.heading),
        plain.render_plain_text(section.note),
        *map(_render_item, section.items),
    ]
    return "\n".join(each for each in lines if each)


def _render_item(item: Item) -> str:
    words = _format_label_and_url(item.title, escape.percent_encode_url(item.url))
    note = f" – {characters.WHITESPACE.sub(' ', plain.render_plain_text(item.note))}" if item.note else ""
    return f"{'  ' * item.depth}- {words}{note}"


def _format_label_and_url(label: str, address: str) -> str:
    return ": ".join(part for part in (plain.clean_line(label), address) if part)


def _render_resources(session: Session, group: Group) -> str:
    lines = [
        f"- {_format_label_and_url(each.title, find_resource_url(group, session, each))}" for each in session.resources
    ]
    return "\n".join(["Resources", *lines]) if lines else ""


def find_resource_url(group: Group, session: Session, resource: Resource) -> str:
    """Return where a resource can be found on the web, or an empty text if nothing tells."""
    if resource.is_link:
        return escape.percent_encode_url(resource.url)
    place = resource_files.find_copy_path(session, resource)
    return (paths.build_absolute_url(group, place) if place else "") or resource_files.build_github_url(
        group, session, resource
    )
