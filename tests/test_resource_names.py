"""What links and files are called: words that people can read, and the same one on every page."""

import html5lib
import pytest
from hypothesis import given

from groups import TODAY, Files, built, files, region, tree
from readingroom.core import models
from readingroom.core.models import Group, Resource
from readingroom.core.resource_names import derive_link_name
from readingroom.parsing.reading_items import parse_resources
from readingroom.render.templates import format_file_size
from readingroom.site import build
from rendered import links, page
from strategies import ADDRESSES

DRIVE = "https://docs.google.com"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", "Video"),
        ("https://youtu.be/dQw4w9WgXcQ", "Video"),
        ("https://m.youtube.com/watch?v=dQw4w9WgXcQ&t=5", "Video"),
        ("https://vimeo.com/123456789", "Video"),
        ("https://ox.cloud.panopto.eu/Panopto/Pages/Viewer.aspx?id=1-2", "Video"),
        ("https://ox.zoom.us/rec/share/abcDEF123", "Video"),
        (f"{DRIVE}/presentation/d/1AbCdEf2/edit?usp=sharing", "Slides"),
        (f"{DRIVE}/document/d/1AbCdEf2/edit?usp=sharing", "Document"),
        (f"{DRIVE}/spreadsheets/d/1AbCdEf2/edit#gid=0", "Spreadsheet"),
        ("https://drive.google.com/file/d/1AbCdEf2/view?usp=sharing", "File"),
        ("https://drive.google.com/drive/folders/1AbCdEf2", "Folder"),
        ("https://colab.research.google.com/drive/1AbCdEf2", "Notebook"),
        ("https://speakerdeck.com/ada/rings", "Slides"),
        ("https://uni-my.sharepoint.com/:p:/g/personal/ada/EabcDEF?e=1", "Slides"),
        ("https://uni.sharepoint.com/:v:/s/group/EabcDEF", "Video"),
        ("https://1drv.ms/w/s!AbCdEf", "Document"),
        ("https://www.dropbox.com/s/abc123/slides.pdf?dl=0", "slides.pdf"),
        ("https://example.org/a/Rings%20and%20fields.pdf#page=2", "Rings and fields.pdf"),
        ("https://example.org/rings/view", "rings"),
        ("https://example.org/rings/index.html", "rings"),
        ("https://example.org/rings/0123456789abcdef0123", "rings"),
        ("https://example.org/123e4567-e89b-12d3-a456-426614174000", "example.org"),
        ("https://example.org/%FF%FE/", "example.org"),
        ("https://example.org/a%0Ab", "example.org"),
        ("https://www.example.org/?q=1", "example.org"),
        ("https://github.com/ada/rings", "rings"),
        ("https://arxiv.org/abs/1706.03762", "1706.03762"),
        ("https://notyoutube.com/rings", "rings"),
        ("https://example.org/youtube.com/rings", "rings"),
    ],
)
def test_a_link_without_a_title_is_called_what_it_holds_or_what_can_be_read(url: str, name: str) -> None:
    assert derive_link_name(url) == name
    assert parse_resources(url)[0] == [{"title": name, "url": url}]


@given(ADDRESSES)
def test_any_address_gets_a_name_of_visible_letters(url: str) -> None:
    name = derive_link_name(url)
    assert name == url or (name.isprintable() and name)


@pytest.mark.parametrize(
    ("title", "url", "name"),
    [
        ("dQw4w9WgXcQ", "https://youtu.be/dQw4w9WgXcQ", "Video"),
        ("watch?v=dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcQ", "Video"),
        ("edit?usp=sharing", f"{DRIVE}/document/d/1AbCdEf2/edit?usp=sharing", "Document"),
        ("slides.pdf?dl=0", "https://www.dropbox.com/s/abc123/slides.pdf?dl=0", "slides.pdf"),
        ("https://example.org/rings", "https://example.org/rings", "rings"),
        ("example.org/rings/", "https://example.org/rings/", "rings"),
        ("Our talk", "https://youtu.be/dQw4w9WgXcQ", "Our talk"),
    ],
)
def test_a_title_that_is_only_a_piece_of_the_address_is_shown_as_words(title: str, url: str, name: str) -> None:
    made = models.build_session("01-x", {"resources": [{"title": title, "url": url}]}, Group("G", "UTC"), {})
    assert made.resources[0].title == name


# One word for one thing


def show(made: Files) -> dict[str, list[str]]:
    """Return what links to resources are called in the README, on the session's page, and on the site."""
    done = built(made)
    site = html5lib.parse(
        build.build_site(tree(done), lambda _: TODAY).files["sessions/01-a.html"], namespaceHTMLElements=False
    )
    found = {"readme": page(region(done, "previous")), "page": page(done["sessions/01-a/README.md"]), "site": site}
    return {
        name: [text for text, target in links(shown) if target.endswith((".pdf", ".pptx", ".mp4", "/talk"))]
        for name, shown in found.items()
    }


README = "<!-- readingroom:begin previous -->\n<!-- readingroom:end previous -->\n"


@pytest.mark.parametrize(
    ("name", "label", "shown"),
    [
        ("rings.pdf", "Slides", "Slides: rings.pdf"),
        ("talk.pptx", "Slides", "Slides: talk.pptx"),
        ("slides.pdf", "Slides", "slides.pdf"),
        ("talk.mp4", "Recording", "Recording: talk.mp4"),
        ("lecture-notes.pdf", "Notes", "lecture-notes.pdf"),
        ("poster.pdf", "Poster", "poster.pdf"),
        ("paper slides.pdf", "Slides", "paper slides.pdf"),
        ("footnotes.pdf", "Slides", "Slides: footnotes.pdf"),
    ],
)
def test_a_file_is_called_by_the_same_word_in_the_readme_and_on_every_page(name: str, label: str, shown: str) -> None:
    session = {"title": "A", "date": "2024-01-08"}
    found = show(files({"01-a": session}, {"README.md": README, f"sessions/01-a/{name}": b"x"}))
    assert found == {"readme": [label], "page": [shown], "site": [shown]}


@pytest.mark.parametrize(("title", "label"), [("Video", "Video"), ("Slides", "Slides"), ("Recording", "Recording")])
def test_a_link_is_called_by_the_same_word_in_the_readme_and_on_every_page(title: str, label: str) -> None:
    session = {"title": "A", "date": "2024-01-08", "resources": [{"title": title, "url": "https://example.org/talk"}]}
    assert set(map(tuple, show(files({"01-a": session}, {"README.md": README})).values())) == {(label,)}


@pytest.mark.parametrize("title", ["talk.pdf", "My slides", "Notes: a talk", "Slides: My talk", "Our talk", "a.ipynb"])
def test_a_name_on_a_page_gives_back_the_title(title: str) -> None:
    made = models.build_session(
        "01-x", {"resources": [{"title": title, "url": "https://x.org/"}]}, Group("G", "UTC"), {}
    )
    assert models.strip_label(made.resources[0].name) == title


@pytest.mark.parametrize(("size", "shown"), [(0, " (0 bytes)"), (1, " (1 byte)"), (2, " (2 bytes)")])
def test_one_byte_is_one(size: int, shown: str) -> None:
    assert format_file_size(Resource("x.pdf", "x.pdf", "", size)) == shown
