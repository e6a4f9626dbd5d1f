"""The quiz: every draw can come and none is favoured, each answer is told rightly, and the end is kind."""

from __future__ import annotations

from collections import Counter
from itertools import permutations
from math import perm
from string import ascii_letters, digits

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.address import Address, parse
from bot.book import Count, Event, Part, Quiz, Screen
from bot.compiler.rules import SCREEN_SIGNS, SCREEN_SIGNS_ELSE
from bot.talk.lines import line
from bot.talk.reply import reply
from bot.talk.tools.quiz import PAGES_TO_READ, STRIDE, draw
from tests.books import real

quick = settings(max_examples=150, deadline=None, derandomize=True)


def quiz() -> Quiz:
    tool = real().pages["learn.quiz"].tool
    assert isinstance(tool, Quiz)
    return tool


BANK = {question.key: question for question in quiz().questions}
KEYS = "".join(BANK)
TAKE = quiz().take
DRAWS = st.permutations(KEYS).map(lambda keys: "".join(keys[:TAKE]))
ANSWERS = st.text("yn", min_size=TAKE, max_size=TAKE)
LANGS = st.sampled_from(list(real().languages))


def opened(state: str, lang: str = "en", seed: int = 0) -> Screen:
    return reply(real(), Event("open", str(Address("learn.quiz", lang, state)), seed=seed)).screen


def leads(screen: Screen) -> dict[str, str]:
    return {button.label: button.to for row in screen.rows for button in row}


def plain(part: Part) -> str:
    return "".join(run.text for run in part.body)


def drawn(screen: Screen, label: str) -> str:
    """The keys that a button of a screen draws."""
    at = parse(leads(screen)[label])
    assert at is not None and at.page == "learn.quiz"
    keys, dot, answers = at.state.partition(".")
    assert (dot, answers) == (".", "")
    return keys


# ------------------------------------------------------------------ the draw


@quick
@given(st.text(ascii_letters + digits, min_size=1, max_size=62).map(dict.fromkeys), st.integers())
def test_a_draw_takes_each_question_once(bank, seed):
    keys = "".join(bank)
    for take in (1, len(keys) // 2, len(keys), len(keys) + 1):
        picked = draw(keys, take, seed)
        assert len(picked) == len(set(picked)) == min(take, len(keys))
        assert set(picked) <= set(keys)


@pytest.mark.parametrize(("keys", "take"), [("abcde", 3), ("abcdef", 4), ("abc", 3), ("a", 1)])
def test_every_draw_comes_and_none_more_often(keys, take):
    for first in (0, -7, 2**64):
        came = Counter(draw(keys, take, first + seed) for seed in range(perm(len(keys), take)))
        assert came == Counter(map("".join, permutations(keys, take)))


def test_the_stride_shares_no_factor_with_any_number_of_draws():
    assert all(STRIDE % factor for factor in range(2, 63))
    assert perm(62, TAKE) < STRIDE


def test_seeds_beside_each_other_draw_other_questions():
    """Message ids and counters go up by one."""
    draws = [draw(KEYS, TAKE, seed) for seed in range(1000)]
    assert len(set(draws)) == 1000
    came = Counter(key for keys in draws for key in keys)
    usual = 1000 * TAKE / len(KEYS)
    assert all(abs(came[key] - usual) < usual / 4 for key in KEYS)
    same = [len(set(one) & set(two)) for one, two in zip(draws, draws[1:], strict=False)]
    assert sum(same) / len(same) < 1.3 * TAKE * TAKE / len(KEYS)


@quick
@given(st.integers(), DRAWS, ANSWERS)
def test_the_draw_comes_from_the_seed_and_is_marked_so(seed, keys, answers):
    for state, label in (("", quiz().begin["en"]), (f"{keys}.{answers}", line(real(), "en", "again"))):
        screen = opened(state, seed=seed)
        assert screen.varies
        assert drawn(screen, label) == draw(KEYS, TAKE, seed)
    for length in range(TAKE):
        state = f"{keys}.{answers[:length]}"
        assert not opened(state, seed=seed).varies
        assert opened(state, seed=seed) == opened(state)


def test_a_quiz_that_somebody_writes_about_is_drawn_too():
    title = real().pages["learn.quiz"].words["en"].title
    screens = [reply(real(), Event("ask", title, "en", seed=seed)).screen for seed in (1, 2)]
    assert [drawn(screen, quiz().begin["en"]) for screen in screens] == [draw(KEYS, TAKE, n) for n in (1, 2)]


# ------------------------------------------------------------------ from the first question to the end


@quick
@given(DRAWS, ANSWERS, LANGS)
def test_each_answer_is_told_on_the_next_screen(keys, answers, lang):
    screen = opened(f"{keys}.", lang)
    for place, (key, answer) in enumerate(zip(keys, answers, strict=True)):
        words = quiz().words[lang][key]
        assert plain(words.ask) in screen.plain
        assert line(real(), lang, "question_of", n=place + 1, all=TAKE) in screen.plain
        assert leads(screen)[line(real(), lang, "back")] == (
            f"{lang}:learn.quiz/{keys}.{answers[: place - 1]}" if place else f"{lang}:learn.quiz"
        )
        following = reply(real(), Event("open", leads(screen)[words.yes if answer == "y" else words.no]))
        screen = following.screen
        assert screen.at == f"{lang}:learn.quiz/{keys}.{answers[: place + 1]}"
        verdict = (quiz().right if answer == BANK[key].right else quiz().wrong)[lang]
        assert f"\n{verdict} {plain(words.why)}\n" in screen.plain
        ended = place + 1 == TAKE
        counts = [count for count in following.counts if count.kind == "quiz"]
        assert len(counts) == (TAKE if ended else 0)


@quick
@given(DRAWS, ANSWERS, LANGS)
def test_the_end_tells_how_many_kindly_and_where_to_read(keys, answers, lang):
    told = reply(real(), Event("open", f"{lang}:learn.quiz/{keys}.{answers}"))
    wrong = [key for key, answer in zip(keys, answers, strict=True) if BANK[key].right != answer]
    assert line(real(), lang, "answers_right", n=TAKE - len(wrong), all=TAKE) in told.screen.plain
    kind = "all_right" if not wrong else "some_right" if len(wrong) <= TAKE / 2 else "few_right"
    closings = {name: getattr(quiz(), name)[lang] for name in ("all_right", "some_right", "few_right")}
    assert [name for name, part in closings.items() if plain(part) in told.screen.plain] == [kind]
    own = told.screen.rows[: len(told.screen.rows) - told.screen.standing]
    places = [at for row in own for button in row if (at := parse(button.to))]
    pages = [at.page for at in places if at.page != "learn.quiz"]
    if wrong:
        assert pages == list(dict.fromkeys(BANK[key].page for key in wrong))[:PAGES_TO_READ]
    else:
        assert pages == list(real().pages["learn.quiz"].go)
    names = [f"{key}-{'wrong' if key in wrong else 'right'}" for key in keys]
    assert told.counts[1:] == tuple(Count("quiz", name, lang) for name in names)


@quick
@given(DRAWS, st.text("yn", max_size=TAKE), st.integers(0, 30), st.sampled_from("abyn.-_0Z/ກ~"))
def test_a_bent_state_begins_anew_and_says_so(keys, answers, place, sign):
    state = f"{keys}.{answers}"
    bent = state[:place] + sign + state[place:]
    screen = opened(bent)
    assert screen.at in ("en:learn.quiz", f"en:learn.quiz/{bent}", "home", "en:home")
    if screen.at == "en:learn.quiz":
        assert line(real(), "en", "old_button") in screen.plain


@pytest.mark.parametrize(
    "state",
    [
        "abcdefgh", "abcdefg.", "abcdefghi.", "abcdefga.", "abcdefg0.y", "abcdefgh.d", "abcdefgh.ynynynyny",
        "abcdefgh.y.2", ".", "abcdefgh.-", "2",
    ],
)  # fmt: skip
def test_a_state_of_no_quiz_begins_anew(state):
    screen = opened(state)
    assert screen.at == "en:learn.quiz"
    assert line(real(), "en", "old_button") in screen.plain


# ------------------------------------------------------------------ the bank


def test_there_are_enough_questions_and_neither_answer_is_the_better_guess():
    assert len(BANK) >= 30
    assert 0.4 <= sum(question.right == "y" for question in BANK.values()) / len(BANK) <= 0.6


@pytest.mark.parametrize("lang", ["lo", "en"])
def test_the_longest_screens_are_short_enough(lang):
    """Any question may follow any other."""
    words = quiz().words[lang].values()
    asks, whys = [plain(each.ask) for each in words], [plain(each.why) for each in words]
    page = real().pages["learn.quiz"].words[lang]
    ends = [plain(getattr(quiz(), name)[lang]) for name in ("all_right", "some_right", "few_right")]
    ends = [end + "".join(run.text for run in page.next) for end in ends]
    longest = max(map(len, whys)) + max(map(len, [*asks, *ends]))
    assert longest + 100 < SCREEN_SIGNS.get(lang, SCREEN_SIGNS_ELSE)
