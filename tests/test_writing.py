"""Lao, Thai and Latin letters: where a line may end, how wide a text is, which script it is."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.writing import columns, cut, script, spoken, syllables
from tests.books import real

quick = settings(max_examples=100, deadline=None, derandomize=True)

ABOVE_BELOW = "ັິີຶືຸູົຼໍ່້໊໋໌ໍ"
BEHIND = "ະາຳຽ"
BEFORE = "ເແໂໃໄ"
LAO = st.text(st.sampled_from(f"ກຂຄງຈສຊຍດຕຖທນບປຜຝພຟມຢຣລວຫອຮໜໝ{ABOVE_BELOW}{BEHIND}{BEFORE}ໆຯ໐໙"), max_size=30)
MIXED = st.lists(
    LAO | st.sampled_from(["MoU", " ", "\n", "(", ")", ". ", "500 ", "ช่วย", "😀", "“", "”", "-"])
).map("".join)
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


# ------------------------------------------------------------------ syllables


@quick
@given(MIXED | ANY)
@example("ກາາະ່")
@example("ໆໆ")
def test_the_pieces_joined_are_the_text(text):
    assert "".join(syllables(text)) == text


@quick
@given(MIXED)
@example("ກາາ")
@example("ກ່່່")
@example("ເ")
@example("ຫຼຼ")
def test_no_line_can_begin_with_a_vowel_sign_or_tone(text):
    """But where the text itself has a loose one, at its start or behind white space."""
    at = 0
    for piece in syllables(text):
        if piece[0] in ABOVE_BELOW + BEHIND:
            assert at == 0 or text[at - 1].isspace(), (text, piece)
        at += len(piece)


def test_no_line_of_a_page_ends_amid_a_syllable():
    """Every piece of real Lao is one that can stand alone: it has a consonant, and no vowel waits for one."""
    said = [words for page in real().pages.values() for words in [page.words["lo"]]]
    texts = [words.title for words in said]
    texts += ["".join(run.text for run in part.body) for words in said for part in words.parts]
    pieces = [piece for text in texts for piece in syllables(text)]
    assert len(pieces) > 1000
    for piece in pieces:
        letters = [sign for sign in piece if "\u0e80" <= sign <= "\u0eff"]
        if letters:
            assert any("ກ" <= sign <= "ຮ" or sign in "ໜໝ" for sign in letters), piece
            assert letters[-1] not in BEFORE, piece


@pytest.mark.parametrize(
    ("word", "cut"),
    [
        ("ສະບາຍດີ", "ສະ ບາຍ ດີ"),
        ("ຂ້ອຍຢາກໄປເຮັດວຽກ", "ຂ້ອຍ ຢາກ ໄປ ເຮັດ ວຽກ"),
        ("ໜັງສືຜ່ານແດນ", "ໜັງ ສື ຜ່ານ ແດນ"),
        ("ປະເທດໄທ", "ປະ ເທດ ໄທ"),
        ("ກົດໝາຍ", "ກົດ ໝາຍ"),
        ("ແຮງງານ", "ແຮງ ງານ"),
        ("ນາຍຈ້າງ", "ນາຍ ຈ້າງ"),
        ("ຕຳຫຼວດ", "ຕຳ ຫຼວດ"),
        ("ເບີໂທ", "ເບີ ໂທ"),
        ("ຄ່ອຍໆ", "ຄ່ອຍໆ"),
    ],
)
def test_where_a_word_may_be_cut(word, cut):
    assert syllables(word) == cut.split()


def test_signs_of_punctuation_stay_with_their_word():
    assert syllables("(ລາວ), ໄທ.") == ["(ລາວ), ", "ໄທ."]
    assert syllables("MoU ແມ່ນຫຍັງ?") == ["MoU ", "ແມ່ນ", "ຫຍັງ?"]
    assert syllables("") == []
    assert syllables(" ") == [" "]


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("Don't pay 5,000–50,000 baht (2018)*.", 5),
        ("ໄປເຮັດວຽກຢູ່ໄທ", 5),
        ("ໂທ 1554 ຫຼື ຫາ ILO.", 5),
        ("ຫ້ອງການ (สำนักงานประกันสังคม)", 3),
        ("- …", 0),
    ],
)
def test_how_long_a_text_is_to_read(text, size):
    """Words; of Lao, which has no spaces between them, syllables; a run of Thai letters is one."""
    assert spoken(text) == size


# ------------------------------------------------------------------ width


@pytest.mark.parametrize(
    ("text", "wide"),
    [("", 0), ("abc", 3), ("ສະບາຍດີ", 6), ("ກ້ຳ", 2), ("ນີ້", 1), ("ช่วย", 3), ("ໜໍ້", 1), ("é", 1)],
)
def test_columns(text, wide):
    assert columns(text) == wide


@quick
@given(MIXED, MIXED)
def test_columns_of_two_texts_are_those_of_both(one, two):
    assert columns(one + two) == columns(one) + columns(two)


@quick
@given(MIXED, st.integers(1, 30))
@example("1362 ສູນໃຫ້ຄຳປຶກສາ ສະຫະພັນແມ່ຍິງລາວ", 28)
def test_what_is_too_long_is_cut_where_a_line_may_end(text, most):
    short = cut(text, most)
    assert columns(short) <= most
    if columns(text) <= most:
        assert short == text
    else:
        begin = short.removesuffix("…")
        assert short != begin and text.startswith(begin)
        ends = ["".join(syllables(text)[:place]).rstrip() for place in range(len(syllables(text)) + 1)]
        assert begin in ends


# ------------------------------------------------------------------ script


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", ""),
        ("123 😀 ?!", ""),
        ("ສະບາຍດີ", "lao"),
        ("สวัสดี", "thai"),
        ("hello", "latin"),
        ("MoU ແມ່ນຫຍັງ", "lao"),
        ("ok ครับ ขอบคุณ", "thai"),
        ("sabaidee ດີ", "latin"),
    ],
)
def test_script(text, name):
    assert script(text) == name
