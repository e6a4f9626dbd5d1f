"""Pages that an organisation leaves out: the routes are closed up, as if the pages had never been."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.compiler.draft import EMPTY, Draft, listed
from bot.compiler.organisation import must_be_there, stays
from bot.compiler.rules import MOST_BUTTONS, buttons, reached, taps
from bot.compiler.source import Node, Report
from bot.problems import Problem

_NO_TREE = {"unknown-page", "no-home", "no-way-up"}
"""Where one of these was said, there is no whole tree that could be closed up."""


def close_up(draft: Draft) -> None:
    """Takes the pages under `hide` out of the tree, and says what that breaks, each at its line of `hide`.

    Every other rule has looked at the whole tree before: its words are right, whoever leaves them out.
    """
    broken = any(problem.rule in _NO_TREE for problem in draft.report.problems)
    items = [item for item in listed(draft.organisation, "hide") if _may_go(draft, item)]
    if broken:
        return
    items = list({item.text: item for item in items}.values())
    ways_up = {item.text: draft.tree[item.text].say("up") for item in items}
    known = {_place(problem) for problem in _of_routes(draft)}
    caused: dict[tuple[str, int, int, str], Node] = {}
    # The deepest first: then a page that takes the place of another one is never one that goes as well.
    for item in sorted(items, key=lambda item: _depth(draft, item.text), reverse=True):
        _close(draft, item.text)
        for problem in _of_routes(draft):
            if _place(problem) not in known:
                caused.setdefault(_place(problem), item)
    for problem in _of_routes(draft):
        at = caused.get(_place(problem))
        if at is not None:
            said = f"with {at.text} hidden, {problem.message}"
            draft.report(at, problem.rule, said, f"{problem.cure}, or take {at.text} out of hide:")
    for id in ways_up:
        up = ways_up[id]
        while up in ways_up:
            up = ways_up[up]
        draft.hidden[id] = up if up in draft.tree else "home"


def _may_go(draft: Draft, item: Node) -> bool:
    """Whether a page can be hidden; reports why not."""
    must_be_there(draft, item, "hidden")
    danger = draft.tree.get(item.text, EMPTY).say("danger") == "yes"
    if stays(item.text) or danger:
        why = f"{item.text} cannot be hidden" + (": people in danger need it" if danger else "")
        draft.report(item, "must-stay", why, "take it out of hide:")
        return False
    return item.text in draft.tree


def _of_routes(draft: Draft) -> list[Problem]:
    """What the rules of routes say about the tree as it is now."""
    tried = replace(draft, report=Report())
    reached(tried)
    buttons(tried)
    return tried.report.problems


def _place(problem: Problem) -> tuple[str, int, int, str]:
    return problem.file, problem.line, problem.column, problem.rule


def _depth(draft: Draft, id: str) -> int:
    """How many pages lie above a page."""
    above: list[str] = []
    while id in draft.tree and id not in above:
        above.append(id)
        id = draft.tree[id].say("up")
    return len(above)


def _ways(draft: Draft, id: str) -> Iterator[str]:
    """Where the buttons of a page lead, its signs' among them."""
    yield from (item.text for item in listed(draft.tree[id], "go"))
    yield from (sign.say("page") for sign in (draft.tools.get(id, EMPTY).get("signs") or EMPTY).map.values())


def _close(draft: Draft, id: str) -> None:
    """Takes one page out. Where a button led to it, its children are offered, as far as buttons allow.

    Its children are the pages below it, and those that no other button leads to. Where there is not room
    for all, those come first that are farthest without it. Where no button led to it, that above it offers
    them.
    """
    ways = list(dict.fromkeys(_ways(draft, id)))
    node = draft.tree.pop(id)
    draft.pages.pop(id)
    found = taps(draft)
    below = [page for page, each in draft.tree.items() if each.say("up") == id]
    children = [page for page in ways if page in draft.tree and (page in below or page not in found)]
    children += [page for page in below if page not in children]
    for page in below:
        _change(draft, page, up=replace(draft.tree[page].map["up"], value=node.say("up")))
    leading = [page for page, each in draft.tree.items() if any(to.text == id for to in listed(each, "go"))]
    for page in leading or [node.say("up")]:
        go = listed(draft.tree[page], "go")
        others = [item.text for item in go if item.text != id]
        new = [child for child in children if child not in (page, *others)]
        room = max(0, MOST_BUTTONS - len(others))
        farthest_first = sorted(new, key=lambda child: -found.get(child, len(found)))
        new = [child for child in new if child in farthest_first[:room]]
        at = next((item for item in go if item.text == id), draft.tree[page])
        place = go.index(at) if at in go else len(go)
        put = [replace(at, value=child) for child in new]
        _change(draft, page, go=[*go[:place], *put, *(item for item in go[place:] if item.text != id)])


def _change(draft: Draft, page: str, **fields: Node | list[Node]) -> None:
    """Gives a page another way up, or other buttons."""
    node = draft.tree[page]
    for key, value in fields.items():
        new = value if isinstance(value, Node) else replace(node.map.get("go", node), value=value)
        node = replace(node, value={**node.map, key: new})
    draft.tree[page] = node
    go = tuple(item.text for item in listed(node, "go"))
    draft.pages[page] = replace(draft.pages[page], up=node.say("up"), go=go)
