"""The catalogue of words: complete in every language, in step with the code, and switched while the program runs."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from twin_app import text
from twin_app.errors import LayoutError, SourceError
from twin_app.locale.__main__ import main
from twin_app.locale.catalogue import lacks, marked, placeholders, po_files, sentences, translations, updated
from twin_app.model.packml import STATE_WORDS, State
from twin_app.text import duration, set_language, tr

LANGUAGES = po_files()
OLD = b"""msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "Held"
msgstr "\xe5\xb7\xb2\xe4\xbf\x9d\xe6\x8c\x81"

msgid "Colour of the frame"
msgstr "\xe8\xbe\xb9\xe6\xa1\x86\xe9\xa2\x9c\xe8\x89\xb2"

msgid "{n} bottles in {time}"
msgstr "{n} \xe7\x93\xb6"
"""
SAID = {"Held": ("ui/words.py",), "Held by hand": ("ui/words.py",), "{n} bottles in {time}": ("ui/words.py",)}


@pytest.fixture(scope="module")
def said() -> dict[str, tuple[str, ...]]:
    """Every sentence of the code, with the files that say it."""
    return sentences()


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    """Leave the language as it was."""
    yield
    set_language("en")


def test_that_every_language_but_english_has_its_file() -> None:
    assert set(LANGUAGES) == set(text.LANGUAGES) - {"en"}


def test_that_the_sentences_of_window_and_engine_are_found(said: dict[str, tuple[str, ...]]) -> None:
    assert said["Execute"] == ("twin_app/model/packml.py",)
    assert said["Search everything"] == ("ui/palette_dialog.py",)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('label.setText(tr("Held"))', ["Held"]),
        ("f\"{name} · {tr('Held')}\"", ["Held"]),
        ('WORDS = (N_("Held"), N_("Idle"))', ["Held", "Idle"]),
        ('tr(\n    "{n} of "\n    "{all}", n=1, all=2)', ["{n} of {all}"]),
        ('tr(WORDS[0]); print("Held")', []),
    ],
)
def test_that_a_sentence_is_found_wherever_it_is_marked(code: str, found: list[str]) -> None:
    assert marked(code) == found


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_that_every_sentence_is_translated_with_its_placeholders(language: str, said: dict[str, tuple[str, ...]]) -> None:
    """Cure: `python -m twin_app.locale`, then translate what it names."""
    found = lacks(LANGUAGES[language].read_bytes(), said)
    assert found.untranslated == ()
    assert found.garbled == ()
    assert found.obsolete == ()


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_that_no_translation_is_a_guess_of_the_tool(language: str) -> None:
    catalog = read_po(io.BytesIO(LANGUAGES[language].read_bytes()))
    assert [message.id for message in catalog if message.id and message.fuzzy] == []


def test_that_chinese_is_written_in_chinese() -> None:
    known = translations(LANGUAGES["zh_CN"].read_bytes())
    worded = {message: string for message, string in known.items() if any(c.isalpha() for c in re.sub(r"\{[^}]*\}", "", message))}
    words = {message: string for message, string in worded.items() if not any("\u4e00" <= c <= "\u9fff" for c in string)}
    assert set(words) <= {"TLS", "OEE", "OEE {oee}", "OEE {unit}", "{error}", "{what} {cure}"}


def test_that_one_thing_has_one_chinese_name() -> None:
    """What stands at the left was said beside what stands at the right, of the same machine, broker, piece or instant."""
    other = {
        "机器(?!人)": "设备", "单元(?!格)": "设备", "代理服务器": "消息代理", "(?<!消息)代理": "消息代理", "良品": "合格品", "质量率": "合格率",
        "性能率": "表现性", "播放点": "播放头", "洪泛|风暴": "泛滥", '[\u4e00-\u9fff][,;](?! ")': "wide",
    }  # fmt: skip
    said = read_po(io.BytesIO(LANGUAGES["zh_CN"].read_bytes()))
    found = [(m.id, word, better) for m in said if m.id for word, better in other.items() if re.search(word, str(m.string))]
    assert found == []


def test_that_an_update_keeps_translations_drops_what_nobody_says_and_guesses_nothing() -> None:
    fresh = translations(updated(OLD, SAID))
    assert fresh == {"Held": "已保持", "Held by hand": "", "{n} bottles in {time}": "{n} 瓶"}
    assert updated(updated(OLD, SAID), SAID) == updated(OLD, SAID)


def test_that_whatever_a_file_lacks_is_named() -> None:
    found = lacks(OLD, SAID)
    assert found.untranslated == ("Held by hand",)
    assert found.obsolete == ("Colour of the frame",)
    assert found.garbled == ("{n} bottles in {time}",)


def test_that_a_check_changes_no_file_and_fails_while_something_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "twin.po").write_bytes(OLD)
    monkeypatch.setattr("twin_app.locale.__main__.po_files", lambda: {"zh_CN": tmp_path / "twin.po"})
    monkeypatch.setattr("twin_app.locale.__main__.sentences", lambda: SAID)
    assert main(["--check"]) == 1
    assert "zh_CN: untranslated: 'Held by hand'" in capsys.readouterr().out
    assert (tmp_path / "twin.po").read_bytes() == OLD
    assert main([]) == 1
    assert "Colour of the frame" not in (tmp_path / "twin.po").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("sentence", "names"),
    [("{n} of {all}", {"n", "all"}), ("{speed:.1f}×", {"speed"}), ("a table {{ }} of {most}", {"most"}), ("nothing", set())],
)
def test_that_placeholders_are_told_from_doubled_braces(sentence: str, names: set[str]) -> None:
    assert placeholders(sentence) == names


def test_that_states_durations_and_errors_are_worded_in_the_language_of_the_moment() -> None:
    lost = SourceError("The host name {host} is not known.", tip="Check its spelling, or use the broker's IP address.", host="plant-7")
    wrong = LayoutError("There is no layout file {path}.", path="line.toml")
    assert (str(lost), duration(252)) == (
        "The host name plant-7 is not known. Check its spelling, or use the broker's IP address.",
        "4 min 12 s",
    )
    set_language("zh_CN")
    assert str(lost) == "主机名 plant-7 无法解析。请检查拼写，或使用消息代理的 IP 地址。"
    assert str(wrong) == "没有布局文件 line.toml。"
    assert [duration(s) for s in (0.84, 252, 11_100)] == ["0.8 秒", "4 分 12 秒", "3 小时 05 分"]
    assert [tr(STATE_WORDS[s]) for s in (State.EXECUTE, State.SUSPENDED, State.HELD, State.ABORTED)] == [
        "执行",
        "已挂起",
        "已保持",
        "已中止",
    ]
    set_language("en")
    assert tr(STATE_WORDS[State.HELD]) == "Held"


def test_that_a_language_nobody_has_falls_back_to_english() -> None:
    set_language("tlh")
    assert (text.language(), tr("Held")) == ("en", "Held")
