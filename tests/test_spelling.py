"""People's own words: whatever way they are spelt or in whatever letters, the same is heard."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading import heard, worded
from bot.spelling import END, pieces, pieces_of_all

quick = settings(max_examples=100, deadline=None, derandomize=True)

SIGNS = "ກຂຄງຈສຊຍດຕນບປຜຟມຢຣລວຫອຮໜໝະາຳິີຶືຸູົັຽຼເແໂໄໃໍ່້ໆกขคงทรลวอะาเแไือัab  .?12"
LAO = st.text(st.sampled_from(SIGNS), max_size=30)
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@pytest.mark.parametrize(
    "ways",
    [
        # sara am: one letter, or two with the tone before, between or behind
        ["ນ້ຳ", "ນໍ້າ", "ນ້ໍາ", "ນຳ້", "ນຳ", "ນໍາ"],
        ["ຕຳຫຼວດ", "ຕໍາຫລວດ", "ຕໍາຫຼວດ"],
        ["ຫຼື", "ຫລື", "ຫຣື"],
        ["ໜີ", "ຫນີ", "ໜີ້"],
        ["ໝູ່", "ຫມູ່", "ໝູ"],
        ["ແມ່ນ", "ເເມ່ນ", "ແມນ"],
        ["ວຽກ", "ວັຽກ"],
        ["ໂຣງຮຽນ", "ໂລງຮຽນ"],
        ["ເລື້ອຍໆ", "ເລື້ອຍ"],
        ["ໄທ", "ໃທ"],
        ["ລາ\u200bຄາ", "ລາຄາ", "\ufeffລາຄາ", "ລາ ຄາ"],
        ["ບໍ່", "ບໍ", "บ่"],
        ["ช่วย", "ชวย", "ช้วย"],
        ["MoU", "mou", "MOU"],
        ["don't", "dont", "don’t"],
        ["໑໒", "12", "๑๒"],
    ],
    ids=lambda ways: ways[0],
)
def test_ways_to_write_the_same(ways):
    assert len({tuple(pieces(way)) for way in ways}) == 1, [pieces(way) for way in ways]


@pytest.mark.parametrize(
    ("one", "two"),
    [("ກາ", "ກະ"), ("ເກ", "ແກ"), ("ມື", "ມຶ"), ("ຄົນ", "ຄັນ"), ("visa", "vis"), ("กา", "กะ")],
)
def test_what_is_not_the_same(one, two):
    """Vowels tell words apart in letters; only tones and spellings do not count."""
    assert pieces(one) != pieces(two)


@pytest.mark.parametrize(
    "ways",
    [
        ["ວຽກ", "viak", "wiak", "viek", "เวียก"],
        ["ເງິນ", "ngern", "ngeun", "ngen", "เงิน"],
        ["ຢາກໄປ", "yak pai", "yaak pai", "อยากไป"],
        ["ນາຍຈ້າງ", "nai jang", "nay chang", "นายจ้าง"],
        ["ເຮັດ", "het", "hed", "เฮ็ด"],
        ["ຂັງ", "khang", "kang", "ขัง"],
        ["ຂ້ອຍ", "khoy", "khoi", "khooooi", "ข้อย"],
    ],
    ids=lambda ways: ways[0],
)
def test_letters_of_three_scripts_sound_the_same(ways):
    assert len({tuple(heard(pieces(way))[0]) for way in ways}) == 1, [heard(pieces(way))[0] for way in ways]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("They locked the doors", ["they", "lock", "the", "door"]),
        ("locking, agencies; 1,300 baht", ["lock", "agency", END, "#1", "#3", "baht"]),
    ],
)
def test_english_words_lose_their_endings(text, words):
    assert worded(pieces(text)) == words


def test_a_figure_is_no_more_than_its_length():
    """So a telephone number that somebody writes is nowhere told apart from another one."""
    assert heard(pieces("020 5555 1234"))[0] == heard(pieces("020 9999 7777"))[0] == ["#3", "#4", "#4"]


@quick
@given(st.lists(LAO | ANY, max_size=5))
def test_many_texts_at_once_are_cut_as_one_by_one(texts):
    assert pieces_of_all(texts) == [pieces(text) for text in texts] if texts else True


@quick
@given(LAO | ANY)
def test_any_text_has_pieces_and_sounds(text):
    cut = pieces(text)
    assert all(piece.strip() for piece in cut)
    said, starts = heard(cut)
    assert len(starts) == len(cut)
    assert all(sign.isalnum() or sign in f"#{END}" for sign in "".join(said)), said
