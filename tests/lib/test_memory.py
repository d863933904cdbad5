from __future__ import annotations

import gc

import pytest

from lib.programs.memory import nothing_collected


def test_nothing_is_collected_inside_and_everything_afterwards():
    with nothing_collected():
        assert not gc.isenabled()

    assert gc.isenabled()


def fail() -> None:
    with nothing_collected():
        raise ZeroDivisionError


def test_objects_are_collected_again_after_an_error():
    with pytest.raises(ZeroDivisionError):
        fail()

    assert gc.isenabled()


def test_who_collects_nothing_anyway_goes_on_so():
    gc.disable()
    try:
        with nothing_collected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
