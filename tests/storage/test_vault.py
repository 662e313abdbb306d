"""Encryption at rest, and the hash that finds a number again."""

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import text

from enrollment.storage.people import IDENTITY, PHONE, Person
from enrollment.storage.vault import Vault
from tests import make

NUMBER = "652301199001010005"


@pytest.fixture
def vault():
    vault = Vault()
    vault.unlock([b"d" * 32], b"m" * 32)
    return vault


def test_what_is_sealed_opens_again_and_never_looks_the_same_twice(vault):
    first, second = vault.seal(NUMBER, IDENTITY), vault.seal(NUMBER, IDENTITY)

    assert vault.open(first, IDENTITY) == vault.open(second, IDENTITY) == NUMBER
    assert first != second
    assert NUMBER.encode() not in first


def test_nothing_opens_for_another_purpose(vault):
    with pytest.raises(InvalidTag):
        vault.open(vault.seal(NUMBER, IDENTITY), PHONE)


@pytest.mark.parametrize("place", [1, 5, 16, 17, -1], ids=["key", "nonce", "nonce's end", "ciphertext", "tag"])
def test_an_altered_byte_is_found(vault, place):
    sealed = bytearray(vault.seal(NUMBER, IDENTITY))
    sealed[place] ^= 1

    with pytest.raises(InvalidTag):
        vault.open(bytes(sealed), IDENTITY)


def test_another_key_opens_nothing(vault):
    other = Vault()
    other.unlock([b"e" * 32], b"m" * 32)

    with pytest.raises(InvalidTag):
        other.open(vault.seal(NUMBER, IDENTITY), IDENTITY)


def test_a_number_matches_itself_for_one_purpose_and_under_one_key(vault):
    other = Vault()
    other.unlock([b"d" * 32], b"n" * 32)

    assert vault.match(NUMBER, IDENTITY) == vault.match(NUMBER, IDENTITY)
    assert len(vault.match(NUMBER, IDENTITY)) == 32
    assert vault.match(NUMBER, IDENTITY) != vault.match(NUMBER, PHONE)
    assert vault.match(NUMBER, IDENTITY) != other.match(NUMBER, IDENTITY)


def test_a_vault_without_keys_says_so():
    with pytest.raises(RuntimeError, match="no keys"):
        Vault().seal(NUMBER, IDENTITY)


def test_the_database_holds_no_number_in_clear(session):
    make.person(session, identity=NUMBER, phone="13812341234")
    stored = session.execute(text("SELECT * FROM people")).mappings().one()

    written = b"|".join(bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in stored.values())
    assert NUMBER.encode() not in written
    assert b"13812341234" not in written
    assert stored["identity_masked"] == "**************0005"
    assert stored["phone_masked"] == "138****1234"


def test_a_number_comes_back_through_the_model_as_it_was(session):
    made = make.person(session, identity=NUMBER, phone="13812341234")
    session.expunge_all()
    read = session.get_one(Person, made.id)

    assert (read.identity, read.phone) == (NUMBER, "13812341234")


def test_what_an_old_key_sealed_opens_and_the_first_key_seals(vault):
    sealed = vault.seal(NUMBER, IDENTITY)
    after = Vault()
    after.unlock([b"e" * 32, b"d" * 32], b"m" * 32)

    assert after.open(sealed, IDENTITY) == NUMBER
    assert [after.is_current(sealed), after.is_current(after.seal(NUMBER, IDENTITY))] == [False, True]
    with pytest.raises(InvalidTag):
        vault.open(after.seal(NUMBER, IDENTITY), IDENTITY)


def test_what_was_sealed_before_keys_had_names_opens(vault):
    nonce = b"n" * 12
    before = b"\x01" + nonce + AESGCM(b"d" * 32).encrypt(nonce, NUMBER.encode(), IDENTITY.encode())

    assert (vault.open(before, IDENTITY), vault.is_current(before)) == (NUMBER, False)
    other = Vault()
    other.unlock([b"e" * 32, b"d" * 32], b"m" * 32)
    assert other.open(before, IDENTITY) == NUMBER


def test_a_key_that_came_since_is_looked_up_once_it_is_met(vault):
    keys = [b"d" * 32]
    serving = Vault()
    serving.unlock(keys, b"m" * 32, anew=lambda: keys)
    keys.insert(0, b"e" * 32)
    rotated = Vault()
    rotated.unlock(keys, b"m" * 32)

    assert serving.open(rotated.seal(NUMBER, IDENTITY), IDENTITY) == NUMBER
    assert rotated.is_current(serving.seal(NUMBER, IDENTITY))
    assert serving.open(vault.seal(NUMBER, IDENTITY), IDENTITY) == NUMBER
