"""What the command line says on stderr: words from outside are shown, but cannot steer the terminal."""

import pytest

from twin_app.commands.base import say


def test_that_what_a_sentence_quotes_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    say("first in row 2: \x1b[2JExecute\r\x9b31m, 1\u2009757 left out\nand so on")
    assert capsys.readouterr().err == "first in row 2: ·[2JExecute··31m, 1\u2009757 left out\nand so on\n"
