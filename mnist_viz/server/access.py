"""Who may act: everyone on a server that only this machine reaches, else whoever gave the presenter's code."""

import hmac
import ipaddress
import secrets
import threading
import time
from functools import cache

from streamlit import config

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without the letters that are read as digits
_one_guess_at_a_time = threading.Lock()
PAUSE_AFTER_A_WRONG_CODE = 1.0  # seconds; with 32**6 codes a guesser needs decades


def is_shared() -> bool:
    """Whether others on the network reach this server: any address that is not this machine's own loopback."""
    address = config.get_option("server.address")
    if address == "localhost":
        return False
    try:
        return not ipaddress.ip_address(address or "::").is_loopback
    except ValueError:
        return True


@cache
def code() -> str:
    """The presenter's code of this server: six letters and digits, new at every start."""
    return "".join(secrets.choice(ALPHABET) for _ in range(6))


def is_code(guess: str) -> bool:
    """Whether this is the presenter's code, compared in constant time; a wrong guess holds up the next one."""
    if hmac.compare_digest(guess.strip().upper().encode(), code().encode()):
        return True
    with _one_guess_at_a_time:
        time.sleep(PAUSE_AFTER_A_WRONG_CODE)
    return False
