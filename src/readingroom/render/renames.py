"""What was renamed since the last build, as far as what stayed the same shows it: a file does not say so."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from itertools import count
from typing import NamedTuple
from zlib import crc32

from readingroom.core.models import Session, parse_folder_number
from readingroom.store.addresses import AddressBook, Keys
from readingroom.store.revisions import RevisionLog, SessionRevision

MIN_NAME_SIMILARITY = 0.8  # of a name and its correction; a name that differs more is that of another speaker
MAX_SIMILAR = 3
MAX_NAME_COMPARISONS = 50_000  # a second's; who renames that many at once has another list of people

Revisions = Mapping[str, SessionRevision]

_encode_json = json.JSONEncoder(check_circular=False).encode


CONTENT_KEYS = ("title", "kind", "leads", "abstract", "material", "continues")
DIGEST_LENGTH = 3  # of each part


def compute_digests(session: Session) -> tuple[str, str]:
    """Return a digest of what readers see of a session, apart from when and where it is, and short ones of its parts.

    The parts are those of CONTENT_KEYS and each resource.
    """
    parts = [_encode_json(getattr(session, key)) for key in CONTENT_KEYS]
    # A file's size is left out: it differs where Git gives a checkout other line ends.
    resources = [_encode_json(resource[:3]) for resource in session.resources]
    whole = f"[{', '.join(parts)}, [{', '.join(resources)}]]"
    short = "".join(f"{crc32(part.encode()) & 0xFFF:0{DIGEST_LENGTH}x}" for part in (*parts, *resources))
    return blake2b(whole.encode(), digest_size=6).hexdigest(), short


def _compute_content_digest(session: Session) -> str:
    return compute_digests(session)[0]


def move_revisions(log: RevisionLog, latest: Revisions, folders: set[str], moment: str) -> RevisionLog:
    """Return the log with the revision of each folder that was renamed by its new name: its event stays the same one.

    ``latest`` are the revisions that sessions would have if they were new, ``folders`` all names that there are now.
    The name of a folder that is there again is nobody's earlier address any more.
    """
    current = _find_new_folders(log.revisions, latest, folders)
    revisions = {}
    for folder, revision in log.revisions.items():
        moved = revision
        if new := current.get(folder):
            uid = revision.uid or folder
            moved = revision._replace(addresses=(*revision.addresses, folder), uid="" if uid == new else uid)
            moved = moved.announce_change(moment, "address", is_event_changed=True)
        kept = tuple(each for each in moved.addresses if each not in folders)
        revisions[new or folder] = moved if kept == moved.addresses else moved._replace(addresses=kept)
    extras = {current.get(folder, folder): values for folder, values in log.session_extras.items()}
    return replace(log, revisions=revisions, session_extras=extras)


def _find_new_folders(before: Revisions, latest: Revisions, present: set[str]) -> dict[str, str]:
    """Return the new name of each folder that was renamed: nothing else could be its session, before or now."""
    earlier = {old for revision in before.values() for old in revision.addresses}
    # That a session was removed is announced once and for all, and takes its digest away.
    gone = [folder for folder in sorted(before.keys() - present - earlier) if before[folder].rest]
    known: defaultdict[str, list[str]] = defaultdict(list)
    for folder in gone:
        for value in filter(None, (before[folder].start, before[folder].rest)):
            known[value].append(folder)
    new = [(folder, revision) for folder, revision in latest.items() if folder not in before]
    pairs = [
        (old, folder)
        for folder, revision in new
        for old in {*known[revision.start], *known[revision.rest]}
        if _is_same_session(old, before, folder, latest)
    ]
    counts = Counter(name for pair in pairs for name in pair)
    return {old: folder for old, folder in pairs if counts[old] == counts[folder] == 1}


def _is_same_session(old: str, before: Revisions, new: str, after: Revisions) -> bool:
    """Return whether two of start, content and number are the same."""
    number = parse_folder_number(old)
    same = (
        before[old].start != "" and before[old].start == after[new].start,
        before[old].rest == after[new].rest,
        number is not None and number == parse_folder_number(new),
    )
    return sum(same) > 1


def choose_uids(known: Revisions, folders: set[str]) -> dict[str, str]:
    """Return the name of the event of each new folder whose own name is that of another event, or was."""
    taken = {revision.uid or folder for folder, revision in known.items()}
    uids = {}
    for folder in sorted(folders & taken - known.keys()):
        numbered = (f"{folder}-{number}" for number in count(2))
        uids[folder] = next(each for each in numbered if each not in taken and each not in folders)
        taken.add(uids[folder])
    return uids


class FormerNames(NamedTuple):
    """The names that are gone, by the name that took their place."""

    kinds: Mapping[str, Keys]
    people: Mapping[str, Keys]


def find_former_names(
    before: tuple[AddressBook, AddressBook],
    sessions: Sequence[tuple[Session, SessionRevision]],
    present: tuple[Collection[str], Collection[str]],
) -> FormerNames:
    """Return which kinds and people were renamed: in a session, nothing but that name has changed.

    ``before`` are the addresses of kinds and people, ``present`` their names now, and ``sessions`` those whose content
    has changed since their revision.
    """
    gone_kinds, gone_people = (
        [key for keys in book.owners.values() for key in keys if key not in names]
        for book, names in zip(before, present, strict=True)
    )
    kinds: defaultdict[str, Counter[str]] = defaultdict(Counter)
    people: defaultdict[str, Counter[str]] = defaultdict(Counter)
    similar = _find_similar_names((lead.name for session, _ in sessions for lead in session.leads), gone_people)
    for session, revision in sessions:
        for old, earlier in _iter_earlier_kinds(session, gone_kinds):
            kinds[old][session.kind] += _compute_content_digest(earlier) == revision.rest
        for old, new, earlier in _iter_earlier_leads(session, similar):
            people[old][new] += _compute_content_digest(earlier) == revision.rest
    return FormerNames(_invert_counts(kinds), _invert_counts(people))


def _iter_earlier_kinds(session: Session, gone: Sequence[str]) -> Iterator[tuple[str, Session]]:
    if session.kind:
        yield from ((old, session._replace(kind=old)) for old in gone)


def _iter_earlier_leads(session: Session, similar: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str, Session]]:
    for position, person in enumerate(session.leads):
        for old in similar[person.name]:
            leads = (*session.leads[:position], person._replace(name=old), *session.leads[position + 1 :])
            yield old, person.name, session._replace(leads=leads)


def _find_similar_names(names: Iterable[str], gone: Sequence[str]) -> dict[str, list[str]]:
    """Return for each name the few that are gone and so similar that it may be a correction of one of them."""
    from difflib import get_close_matches  # noqa: PLC0415 -- only needed where names are gone

    found = dict.fromkeys(names)
    if len(found) * len(gone) > MAX_NAME_COMPARISONS:
        return {name: [] for name in found}
    folded = {old.casefold(): old for old in gone}
    closest = {name: get_close_matches(name.casefold(), folded, MAX_SIMILAR, MIN_NAME_SIMILARITY) for name in found}
    return {name: [folded[old] for old in several] for name, several in closest.items()}


def _invert_counts(counts: Mapping[str, "Counter[str]"]) -> dict[str, Keys]:
    """Return the former names by the name that most sessions have instead."""
    former: defaultdict[str, Keys] = defaultdict(tuple)
    for old, names in counts.items():
        new = min(names, key=lambda name: (-names[name], name))
        if names[new]:
            former[new] += (old,)
    return former
