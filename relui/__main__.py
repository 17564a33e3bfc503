"""The way in: opens the app, or runs one command; the one place where errors become exit codes.

Exit codes are an API (docs/cli.md): 0 done, 1 refused, 2 bad input, 3 the data cannot be read or
written, 128+n ended by signal n.
"""

from __future__ import annotations

INTERRUPTED = 128 + 2
PIPE_CLOSED = 128 + 13

try:
    import os
    import sys
    from collections.abc import Sequence
    from typing import TYPE_CHECKING

    from relui.errors import Refused, ReluiError, StoreError

    if TYPE_CHECKING:
        from collections.abc import Mapping

        from relui.cli.session import Session
        from relui.loading.keymap import CommandKeys
except KeyboardInterrupt:  # Ctrl+C while Python was still reading us: a traceback would tell nobody anything
    raise SystemExit(INTERRUPTED) from None


_TEXTUALS = ("TEXTUAL", *(
    f"TEXTUAL_{name}"
    for name in (
        "ALLOW_SIGNALS", "ANIMATIONS", "COLOR_SYSTEM", "DEBUG", "DEVTOOLS_HOST", "DEVTOOLS_PORT",
        "DIM_FACTOR",
        "DISABLE_KITTY_KEY", "DRIVER", "FILTERS", "FPS", "LOG", "PRESS", "SCREENSHOT", "SCREENSHOT_FILENAME",
        "SCREENSHOT_LOCATION", "SHOW_RETURN", "SLOW_THRESHOLD", "SMOOTH_SCROLL", "THEME",
    )
))  # fmt: skip
"""What Textual would take from the environment; relui's own variables are in docs/guide.md."""
FRAMES = 240
"""Frames a second at most. What a key leads to beside its own echo (what was found, what the panel tells)
comes up to two frames later: with Textual's 60 that is 33 ms, most of what a typed search may take."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run `relui` with these arguments, or those of this process. Returns its exit code, never raises.

    A process of its own is left without the interpreter's tidying: its files are durable and its
    streams flushed by then, and freeing every object would cost a pipeline 8 ms a call.
    """
    if argv is not None:
        return _run(list(argv))
    try:
        import gc

        gc.disable()  # a command ends before there is anything to collect; the app turns it on when painted
        code = _run(sys.argv[1:])
    except KeyboardInterrupt:
        code = INTERRUPTED
    os._exit(_flushed(code))


def _flushed(code: int) -> int:
    """Write out what is still buffered. Returns `code`, or another one when nobody could be told."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except BrokenPipeError:
            code = code or PIPE_CLOSED
        except (OSError, ValueError):
            code = code or StoreError.exit_code
        except KeyboardInterrupt:
            code = INTERRUPTED
    return code


def _run(arguments: list[str]) -> int:
    try:
        from relui.cli.session import Session

        session = Session(start=_start_app, command_keys=_command_keys)
        if _completing():
            return _complete(arguments, session)
        return _answer(arguments, session)
    except KeyboardInterrupt:
        return INTERRUPTED


def _answer(arguments: list[str], session: Session) -> int:
    """Run what was asked for, and turn whatever goes wrong into words and an exit code."""
    try:
        return _dispatch(arguments, session)
    except ReluiError as error:
        return session.out.error(error, json=_wants_json(arguments, session))
    except BrokenPipeError:
        _let_go_of_the_pipe()
        return PIPE_CLOSED
    except OSError as error:
        from relui.cli.crash import refused_by_the_system

        return session.out.error(refused_by_the_system(error), json=_wants_json(arguments, session))
    except Exception as error:  # noqa: BLE001 - the one boundary
        from relui.cli.crash import report

        return report(error, session, json=_wants_json(arguments, session))


def _wants_json(arguments: list[str], session: Session) -> bool:
    """Also when the arguments were too wrong for the session to learn of it."""
    return session.json or "--json" in arguments


def _completing() -> bool:
    return bool(os.environ.get("_RELUI_COMPLETE"))


def _complete(arguments: list[str], session: Session) -> int:
    """Answer a shell that asks for completions: trouble completes nothing, and says nothing."""
    try:
        return _dispatch(arguments, session)
    except Exception:  # noqa: BLE001 - the other half of the boundary
        return Refused.exit_code


def _dispatch(arguments: list[str], session: Session) -> int:
    if not _completing() and session.takes_only_global_options(arguments):
        from relui.cli.opening import open_app

        return open_app(session)  # without importing click: the first paint waits for this
    from relui.cli.root import run

    return run(arguments, session)


def _start_app(session: Session, note: str) -> int:
    """Run the app on this terminal. Only here do the command line and the screen meet."""
    _forget_textuals_variables()
    from relui.ui.app import run_app

    notes = " ".join((note, *session.settings_problems)).strip()
    session.settings_problems.clear()  # told on the screen
    return run_app(session.desk, session.locations, session.settings, note=notes)


def _command_keys() -> Mapping[str, CommandKeys]:
    """Every command with its keys: only the screen knows which there are."""
    _forget_textuals_variables()
    from relui.ui.registry import command_keys

    return command_keys()


def _forget_textuals_variables() -> None:
    """Textual reads variables of its own when it is imported; some write files, others end in a fault."""
    for name in _TEXTUALS:
        os.environ.pop(name, None)
    os.environ["TEXTUAL_FPS"] = str(FRAMES)
    delay = os.environ.get("ESCDELAY", "")
    if delay and not (delay.isascii() and delay.isdigit() and len(delay) <= 5):
        del os.environ["ESCDELAY"]


def _let_go_of_the_pipe() -> None:
    """Whoever read our output has left: what is still buffered must not complain at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            os.dup2(nowhere, stream.fileno())
        except (OSError, ValueError, AttributeError):
            continue
    os.close(nowhere)


if __name__ == "__main__":
    sys.exit(main())
