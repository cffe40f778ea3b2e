"""What a session is about, as plain text: for calendars and feeds."""

from readingroom.core.models import Group, Item, Resource, Section, Session
from readingroom.site import resource_files, urls
from readingroom.text import escape, plain


def title(session: Session) -> str:
    """Return a session's kind and title on one line, with a word for one that may not take place."""
    shown = plain.line(session.headline)
    return f"{shown} ({session.remark})" if session.remark else shown


def text(session: Session, group: Group) -> str:
    """Return who leads a session, its abstract, its material and what it left, in paragraphs."""
    parts = [_leads(session), plain.text(session.abstract), *map(_section, session.material), _left(session, group)]
    return "\n\n".join(part for part in parts if part)


def _leads(session: Session) -> str:
    names = [
        f"{plain.name(who.name)} ({plain.line(who.affiliation)})" if who.affiliation else plain.name(who.name)
        for who in session.leads
    ]
    return f"Led by {', '.join(names)}." if names else ""


def _section(section: Section) -> str:
    lines = [plain.line(section.heading), plain.text(section.note), *map(_item, section.items)]
    return "\n".join(each for each in lines if each)


def _item(item: Item) -> str:
    words = _entry(item.title, plain.url(item.url))
    note = f" – {escape.BREAKS.sub(' ', plain.text(item.note))}" if item.note else ""
    return f"{'  ' * item.depth}- {words}{note}"


def _entry(label: str, address: str) -> str:
    return ": ".join(part for part in (plain.line(label), address) if part)


def _left(session: Session, group: Group) -> str:
    lines = [f"- {_entry(each.title, address(group, session, each))}" for each in session.resources]
    return "\n".join(["Resources", *lines]) if lines else ""


def address(group: Group, session: Session, resource: Resource) -> str:
    """Return where a resource can be found on the web, or an empty text if nothing tells."""
    if resource.size is None:
        return plain.url(resource.url)
    place = resource_files.place(session, resource)
    return (urls.absolute(group, place) if place else "") or resource_files.on_github(group, session, resource)
