from __future__ import annotations

import gc

import pytest

from lib.memory import nothing_collected


def test_nothing_is_collected_inside_and_everything_afterwards():
    with pytest.raises(ZeroDivisionError), nothing_collected():
        assert not gc.isenabled()
        raise ZeroDivisionError

    assert gc.isenabled()


def test_who_collects_nothing_anyway_goes_on_so():
    gc.disable()
    try:
        with nothing_collected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
