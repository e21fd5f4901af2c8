"""Where each app announces its screens, so that no app has to know the ones above it.

An app fills the registry in `AppConfig.ready()`: entries of the navigation by the name of a URL, and providers of
cards for the home page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from schoolbook.correctable import Correctable
    from schoolbook.models import School, User
    from schoolbook.rules.chain import Head
    from schoolbook.rules.permissions import Action


@dataclass(frozen=True)
class Entry:
    """One entry of the navigation; a smaller `order` comes first.

    `arguments` gives, for a user, what the URL of that name takes. With `rights`, only those who have one of them see
    it.
    """

    route: str
    label: StrOrPromise
    order: int
    arguments: Callable[[User], dict[str, object]]
    rights: frozenset[Action] = frozenset()


def no_arguments(_user: User) -> dict[str, object]:
    """For a URL that takes none."""
    return {}


@dataclass(frozen=True)
class Card:
    """One thing to do, on the home page.

    `tone` is `late`, `due`, `info` or `done`; `due` is the date or hour in words, if there is one.
    """

    title: StrOrPromise
    text: StrOrPromise
    href: str
    action: StrOrPromise
    tone: str = "info"
    due: StrOrPromise | None = None


class Navigation:
    """The entries of all apps, in order."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}

    def add(
        self,
        route: str,
        label: StrOrPromise,
        *,
        order: int,
        arguments: Callable[[User], dict[str, object]] = no_arguments,
        right: Action | None = None,
        rights: Iterable[Action] = (),
    ) -> None:
        """Announce a page by the name of its URL, for a right or any of several; announcing it again replaces it."""
        asked = frozenset(rights) | ({right} if right else set())
        self._entries[route] = Entry(route, label, order, arguments, asked)

    def entries(self) -> list[Entry]:
        """All entries, in the order they are shown."""
        return sorted(self._entries.values(), key=lambda entry: entry.order)


class Worklist:
    """Providers of cards; each is asked what this user has to do, and answers in few queries."""

    URGENCY = ("late", "due", "info", "done")

    def __init__(self) -> None:
        self._providers: dict[str, Callable[[User], Iterable[Card]]] = {}

    def add(self, name: str, provider: Callable[[User], Iterable[Card]]) -> None:
        """Announce a provider under a name of its own."""
        self._providers[name] = provider

    def cards(self, user: User) -> list[Card]:
        """Everything this user has to do, late things first."""
        found = [card for provider in self._providers.values() for card in provider(user)]
        return sorted(found, key=lambda card: self.URGENCY.index(card.tone))


class Schemes:
    """How the app that assesses tells which circular a class follows, without being known below it."""

    def __init__(self) -> None:
        self._provider: Callable[[str, int, int], str] | None = None
        self._circular: Callable[[str], str] = str

    def provide(
        self, provider: Callable[[str, int, int], str], circular: Callable[[str], str] = str
    ) -> None:
        """Announce two functions: level, grade and the year in which the school year starts give the scheme's id.

        The id gives the number of its circular, as people write it.
        """
        self._provider, self._circular = provider, circular

    def scheme_for(self, level: str, grade: int, year_start: int) -> str:
        """The id of the scheme, such as "tt22".

        Raises ValueError, with a sentence, where none is known.
        """
        if self._provider is None:
            raise ValueError("no app has announced how classes are assessed")
        return self._provider(level, grade, year_start)

    def circular(self, scheme: str) -> str:
        """The circular of a scheme as people write it, such as "TT 22/2021/TT-BGDĐT"; an unknown id as it is."""
        return self._circular(scheme)


class Story:
    """What each app lets happen at a demo school, told in the order in which the apps announced it."""

    def __init__(self) -> None:
        self._chapters: dict[str, Callable[[School, User], None]] = {}

    def add(self, name: str, chapter: Callable[[School, User], None]) -> None:
        """Announce a function that takes the school and the system actor."""
        self._chapters[name] = chapter

    def tell(self, school: School, system: User) -> None:
        """Let it all happen."""
        for chapter in self._chapters.values():
            chapter(school, system)


@dataclass(frozen=True)
class Chains:
    """One kind of chains that show tampering, such as those of sheets.

    `heads` gives the newest link of each chain of a school. `absent` is given heads that were gathered, each with the
    number of its gathering, and says of each that is no longer in its chain where it was. `findings` goes through the
    chains of a school and says what is wrong, a sentence each: which chain, which row. `functions` are the statements
    that make the functions in the database on which the chains rest. `title` is what people call the chains.
    """

    name: str
    title: StrOrPromise
    heads: Callable[[School], Iterable[Head]]
    absent: Callable[[School, Sequence[tuple[int, Head]]], Iterable[str]]
    findings: Callable[[School], Iterable[str]]
    functions: tuple[str, ...] = ()


class Tracing:
    """The chains of all apps, and how their rows are called so that a person finds them."""

    def __init__(self) -> None:
        self._chains: dict[str, Chains] = {}
        self._words: dict[str, Callable[[Sequence[int]], Mapping[int, str]]] = {}

    def add(self, chains: Chains) -> None:
        """Announce a kind of chains; announcing it again replaces it."""
        self._chains[chains.name] = chains

    def name(self, model: str, words: Callable[[Sequence[int]], Mapping[int, str]]) -> None:
        """Announce where the rows of a model, such as "gradebook.Mark", are found, in words by id."""
        self._words[model] = words

    def kinds(self) -> list[Chains]:
        """All kinds, in the order of their names."""
        return [self._chains[name] for name in sorted(self._chains)]

    def kind_of(self, chain: str) -> Chains | None:
        """The kind that a chain such as "sheet:17" is of."""
        return self._chains.get(chain.partition(":")[0])

    def words_for(self, model: str, ids: Sequence[int]) -> Mapping[int, str]:
        """Where these rows are found, as far as somebody has announced it."""
        words = self._words.get(model)
        return words(ids) if words else {}


@dataclass(frozen=True)
class Composed:
    """A document ready to be rendered: HTML of each part, which begins on a new page, and what the file is called.

    `file_name` is without its ending; every part is whole HTML, with its text escaped.
    """

    file_name: str
    parts: Sequence[str]


@dataclass(frozen=True)
class Document:
    """A kind of printed document.

    `compose` fetches everything through access, as the person for whom it is printed, in one transaction that sees one
    moment; it raises Http404 or PermissionDenied like a page. `title` says, for the arguments, what is printed.
    """

    name: str
    title: Callable[[User, Mapping[str, object]], str]
    compose: Callable[[User, Mapping[str, object]], Composed]


class Documents:
    """The printed documents of all apps, by name, such as "gradebook.sheet"."""

    def __init__(self) -> None:
        self._kinds: dict[str, Document] = {}

    def add(self, document: Document) -> None:
        """Announce a kind of document; announcing it again replaces it."""
        self._kinds[document.name] = document

    def get(self, name: str) -> Document:
        """The kind of that name. Raises KeyError."""
        return self._kinds[name]


class Correctables:
    """The books in which something can be corrected, by name."""

    def __init__(self) -> None:
        self._books: dict[str, Correctable] = {}

    def add(self, book: Correctable) -> None:
        """Announce a book; announcing it again replaces it."""
        self._books[book.name] = book

    def get(self, name: str) -> Correctable:
        """The book of that name. Raises KeyError."""
        return self._books[name]


class Corrections:
    """How what is closed is corrected, and where a request for it is found: told by the app that handles requests.

    The books below offer the way only where it was announced.
    """

    def __init__(self) -> None:
        self._filing: Callable[[Mapping[str, str | int]], str] | None = None
        self._request: Callable[[int], str] | None = None

    def provide(
        self, filing: Callable[[Mapping[str, str | int]], str], request: Callable[[int], str]
    ) -> None:
        """Announce two functions: what is to be corrected gives the address at which that is asked for.

        It is said as a query says it: `book` ("marks"), what finds the sheet (`class_subject` or `class_group`, and
        `term`), and as far as known `student` and `cell` ("regular:2"). The number of a request gives its address.
        """
        self._filing, self._request = filing, request

    @property
    def are_handled(self) -> bool:
        """Whether some app handles requests."""
        return self._filing is not None

    def filing_href(self, asked: Mapping[str, str | int]) -> str:
        """Where to ask for a correction; empty where nobody handles it."""
        return self._filing(asked) if self._filing else ""

    def request_href(self, number: int) -> str:
        """Where the request of a number is found; empty where nobody handles it."""
        return self._request(number) if self._request else ""


@dataclass(frozen=True)
class Upload:
    """What the files of one field of a form may bring, in bytes: each, for this user, and all together."""

    each: Callable[[User], int]
    together: int


class Uploads:
    """The forms of all apps that take files other than spreadsheets, by the name of their URL and of their field."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Upload] = {}

    def add(self, route: str, field: str, *, each: Callable[[User], int], together: int) -> None:
        """Announce a field; announcing it again replaces it."""
        self._known[route, field] = Upload(each, together)

    def find(self, route: str, field: str) -> Upload | None:
        """What was announced for this field, if anything was."""
        return self._known.get((route, field))


chains = Tracing()
correctables = Correctables()
corrections = Corrections()
demo = Story()
documents = Documents()
navigation = Navigation()
schemes = Schemes()
uploads = Uploads()
worklist = Worklist()
