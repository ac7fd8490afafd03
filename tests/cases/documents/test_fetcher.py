"""What a document can reach: our static files, and nothing else by any road."""

from pathlib import Path

import pytest
from django.conf import settings

from cases.documents.pdf import NotOurs, StaticFilesOnly, press

STATIC = Path(settings.STATICFILES_DIRS[0])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """static/ with one file, a secret beside it, and a link from inside to the secret."""
    inside = tmp_path / "static"
    inside.mkdir()
    (inside / "a b.css").write_text("p {}")
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "static-too").mkdir()
    (tmp_path / "static-too" / "x.css").write_text("secret")
    (inside / "link.css").symlink_to(tmp_path / "secret.txt")
    return inside


def test_reads_a_file_of_ours(folder: Path) -> None:
    answer = StaticFilesOnly(folder).fetch((folder / "a b.css").as_uri())
    assert (answer.read(), answer.content_type) == (b"p {}", "text/css")


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "file://localhost/etc/passwd",
        "file://elsewhere{folder}/a%20b.css",
        "file://{folder}/../secret.txt",
        "file://{folder}/%2e%2e/secret.txt",
        "file://{folder}/..%2fsecret.txt",
        "file://{folder}/link.css",
        "file://{folder}/missing.css",
        "file://{folder}",
        "file://{folder}-too/x.css",
        "file://{folder}/a%00b.css",
        "FILE:///etc/passwd",
        "http://127.0.0.1:1/x.css",
        "https://example.org/x.css",
        "ftp://example.org/x.css",
        "data:text/css,p{{}}",
        "javascript:alert(1)",
        "//example.org/x.css",
        "/etc/passwd",
        "etc/passwd",
        "http://[",
        "",
    ],
)
def test_refuses_everything_else(folder: Path, address: str) -> None:
    with pytest.raises(NotOurs):
        StaticFilesOnly(folder).fetch(address.format(folder=folder))


def test_the_press_reads_the_project_s_static_files_only() -> None:
    assert press().fetcher.folders == (STATIC.resolve(),)


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="file:///etc/passwd" alt="">',
        '<img src="http://127.0.0.1:9/x.png" alt="">',
        '<link rel="stylesheet" href="http://127.0.0.1:9/x.css">',
        '<link rel="attachment" href="file:///etc/passwd">',
        '<a rel="attachment" href="file:///etc/passwd">a</a>',
        "<style>@import url(file:///etc/passwd); p { background: url(http://127.0.0.1:9/) }</style>",
        '<object data="file:///etc/passwd"></object><embed src="file:///etc/passwd">',
        '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
    ],
)
def test_markup_that_got_through_would_still_reach_nothing(
    markup: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fields are escaped; were one not, the fetcher is the second wall."""
    ready = press()  # reads its fonts once a process: made below, it would have none for the tests after this
    read: list[Path] = []
    monkeypatch.setattr(Path, "read_bytes", lambda self: read.append(self) or b"")
    html = f'<!doctype html><html lang="en"><title>t</title><body><p>before</p>{markup}</body></html>'
    pdf = ready.pdf(html)
    assert b"root:" not in pdf
    assert b"/EmbeddedFile" not in pdf
    assert [path for path in read if not path.is_relative_to(STATIC)] == []
