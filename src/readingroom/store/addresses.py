"""The names of the site's files for kinds and people: the only place that assigns them.

The first owner keeps an address. An address whose owner now has another one stays the owner's, and leads there.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

from readingroom.text.slug import build_slug

Keys = tuple[str, ...]
ADDRESS = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class Owner(NamedTuple):
    """Who needs an address: the title that it is made from, and what the owner is known by, now and before."""

    title: str
    keys: Keys
    former_keys: Keys = ()


@dataclass(frozen=True, slots=True)
class AddressBook:
    """The keys of the owner of each address, in the order of assignment: an owner's last one is the current one."""

    owners: Mapping[str, Keys] = field(default_factory=dict)

    def map_current(self) -> dict[Keys, str]:
        """Return the current address of each owner, by its keys."""
        return {keys: address for address, keys in self.owners.items()}

    def iter_moved(self) -> Iterator[tuple[str, str]]:
        """Yield each earlier address with the current one of its owner."""
        current = self.map_current()
        return ((address, current[keys]) for address, keys in self.owners.items() if current[keys] != address)

    def assign_addresses(self, owners: Iterable[Owner], stand_in: str) -> "AddressBook":
        """Return the book once all owners have an address; ``stand_in`` is for titles without letters.

        Addresses of owners that are gone stay reserved, so that no link to them ever leads to somebody else.
        """
        owners = list(owners)
        owned = self._find_claims(owners)
        book = dict(self.owners)
        for number, owner in enumerate(owners):
            addresses = owned[number]
            current = [address for address in addresses if self.owners[address] == owner.keys]
            address = current[-1] if current else _choose_address(build_slug(owner.title, stand_in), addresses, book)
            book |= dict.fromkeys(addresses, owner.keys)
            if addresses[-1:] != [address]:
                book.pop(address, None)
                book[address] = owner.keys
        return AddressBook(book)

    def _find_claims(self, owners: Sequence[Owner]) -> defaultdict[int, list[str]]:
        """Return the addresses of each owner by its number: of several, the one with the same keys or else the most."""
        by_key: defaultdict[str, list[int]] = defaultdict(list)
        for number, owner in enumerate(owners):
            for key in {*owner.keys, *owner.former_keys}:
                by_key[key].append(number)
        owned: defaultdict[int, list[str]] = defaultdict(list)
        numbers = {owner.keys: number for number, owner in enumerate(owners)}
        for address, keys in self.owners.items():
            if keys in numbers:
                owned[numbers[keys]].append(address)
                continue
            counts = Counter(number for key in keys for number in by_key.get(key, ()))
            if counts:
                owned[min(counts, key=lambda number: (-counts[number], number))].append(address)
        return owned


def _choose_address(slug: str, owned: Iterable[str], taken: Mapping[str, Keys]) -> str:
    """Return an address that the owner has already and that suits its title, or else a free one."""
    kept = [address for address in owned if _is_made_from(slug, address)]
    if kept:
        return kept[-1]
    free = (slug if number == 1 else f"{slug}-{number}" for number in count(1))
    return next(address for address in free if address not in taken)


def _is_made_from(slug: str, address: str) -> bool:
    """Return whether an address is a slug, alone or with a number."""
    return address == slug or (address.startswith(f"{slug}-") and address[len(slug) + 1 :].isdecimal())
