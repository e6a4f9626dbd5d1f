// The page of the browser chat: sends what the person does, and puts what comes back into the log.
// It keeps nothing: where the person is stands behind the # of the address, and only there.

const $ = (id) => document.getElementById(id);
const lines = JSON.parse($("lines").textContent);
const still = matchMedia("(prefers-reduced-motion: reduce)");
const finger = matchMedia("(pointer: coarse)");
const PATIENCE = 10000; // milliseconds; an answer takes a few

let now = { at: "", langs: Object.keys(lines).slice(0, 2) };
let waiting = null; // the request under way
let asked = 0;

// ---------------------------------------------------------------- making elements

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", "#icon-" + name);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

// Lao has no spaces between words. The server marks where syllables end; most browsers know many words. Where
// the browser knows words, a line ends only at the end of a word that is the end of a syllable too: its
// dictionary cuts words that it lacks (ມົ້|ງ, ສັ້ນ|ໆ). Where it knows none, a line ends at any mark.
const MAY_BREAK = "\u200b";
const MUST_NOT_BREAK = "\u2060";
const words = Intl.Segmenter && new Intl.Segmenter("lo", { granularity: "word" });
const knowsWords = knowsLaoWords();

// Asks the browser itself: two words, in a box that is too narrow for them.
function knowsLaoWords() {
  const probe = make("span", { class: "probe", lang: "lo" }, "ພາສາລາວ");
  document.body.append(probe);
  const breaks = probe.offsetHeight > 30; // the style makes a line 20 high
  probe.remove();
  return breaks;
}

// A number stays beside what it counts, a range is whole, and no line begins with the point between two things.
function together(text) {
  return text
    .replace(/([0-9]) (?=\p{L})/gu, "$1\u00a0")
    .replace(/([0-9][–-])(?=[0-9])/g, "$1" + MUST_NOT_BREAK)
    .replace(/ (?=·)/g, "\u00a0");
}

function readable(given) {
  const marked = together(given);
  if (!knowsWords) return marked;
  const syllables = marked.split(MAY_BREAK);
  const text = syllables.join("");
  if (!words) return text;
  const ends = new Set();
  syllables.reduce((at, one) => (ends.add(at + one.length), at + one.length), 0);
  let said = "";
  for (const { segment, index } of words.segment(text)) {
    const inside = index && !ends.has(index) && /^\p{Script=Lao}{2}$/u.test(text.slice(index - 1, index + 1));
    said += (inside ? MUST_NOT_BREAK : "") + segment;
  }
  return said;
}

function piece({ text, style, lang, call }) {
  const tag = call ? "a" : style === "bold" ? "strong" : style === "small" ? "small" : "span";
  return make(tag, { lang, href: call && "tel:" + call, class: style === "phone" && "phone" }, readable(text));
}

function line(name, langs = now.langs) {
  return langs.map((lang) => make("span", { lang }, readable(lines[lang]?.[name] ?? "")));
}

function block({ is, lang, lines }, before) {
  const other = before && before.lang !== lang && now.langs.length > 1 ? "other" : "";
  if (is === "list" || is === "numbers") {
    return make("ul", { lang, class: `${is} ${other}` }, ...lines.map((one) => make("li", {}, ...one.map(piece))));
  }
  if (is === "title") {
    return make("h3", { lang, class: `${is} ${other}` }, ...lines.map((one) => make("span", {}, ...one.map(piece))));
  }
  const text = lines.flatMap((one, number) => (number ? [make("br"), ...one.map(piece)] : one.map(piece)));
  return make("p", { lang, class: `${is} ${other}` }, ...text);
}

// What it shows stands in the words as well. Its size is known before it comes, so that nothing jumps.
function picture({ src, width, height }) {
  const image = make("img", { src, width, height });
  image.alt = "";
  return image;
}

function button({ to, is, label }) {
  const text = make("span", {}, ...label.map(piece));
  if (is === "link") {
    return make("a", { class: "key link", href: to, target: "_blank", rel: "noopener noreferrer" }, text, icon("link"));
  }
  if (is === "call") return make("a", { class: "key call", href: to }, text);
  const key = make("button", { type: "button", class: "key " + is }, text);
  if (is === "help") key.prepend(icon("call"));
  if (is === "hide") key.prepend(icon("hide"));
  key.addEventListener("click", () => (is === "hide" ? hide() : go(to, label)));
  return key;
}

function row(buttons) {
  return make("div", { class: "row" }, ...buttons.map(button));
}

// ---------------------------------------------------------------- the log

// The page's own words, in the languages of the screen.
function speak(langs) {
  document.documentElement.lang = langs[0];
  $("conversation").replaceChildren(...line("conversation", langs));
  $("ask_here").replaceChildren(...line("ask_here", langs));
  $("send").replaceChildren(icon("go"), make("span", {}, ...line("send", langs)));
}

// Adds a message. It is announced as it is added; the focus goes to it too where the person has pressed
// something, so that the next Tab reaches its first button.
function add(screen, { focus = true } = {}) {
  now = screen;
  speak(screen.langs);
  $("log").querySelector(".new")?.classList.remove("new");
  const bubble = make("div", { class: "bubble" }, ...screen.blocks.map((one, n) => block(one, screen.blocks[n - 1])));
  if (screen.picture) bubble.prepend(picture(screen.picture));
  const message = make("article", { class: "new", tabindex: "-1", "aria-labelledby": "name" }, bubble);
  if (screen.rows.length) message.append(make("div", { class: "keys", "aria-live": "off" }, ...screen.rows.map(row)));
  const mine = $("log").lastElementChild?.matches(".mine") ? $("log").lastElementChild : null;
  $("log").append(message);
  $("standing").replaceChildren(...screen.standing.map(button));
  $("quick").replaceChildren(...screen.hide.map(button));
  (mine ?? message).scrollIntoView({ block: "start", behavior: still.matches ? "instant" : "smooth" });
  if (focus) message.focus({ preventScroll: true });
}

// The person's own words, or the button that was pressed.
function addMine(...words) {
  const who = make("span", { class: "unseen" }, ...line("you"), ": ");
  $("log").append(make("article", { class: "mine", "aria-live": "off" }, make("div", { class: "bubble" }, who, ...words)));
}

// Something that the page says by itself, below the screen that stays the current one.
function addNote(name, again) {
  const retry = make("button", { type: "button", class: "key" }, ...line("retry"));
  const note = make("article", { class: "note" }, make("p", { class: "bubble" }, ...line(name)));
  if (again) note.append(make("div", { class: "keys" }, make("div", { class: "row" }, retry)));
  retry.addEventListener("click", () => (note.remove(), again()));
  $("log").append(note);
  note.scrollIntoView({ block: "nearest" });
  if (again) retry.focus();
}

// ---------------------------------------------------------------- what the person does

async function send(path, body, after) {
  const mine = (waiting = new AbortController());
  const timer = setTimeout(() => mine.abort(), PATIENCE);
  let screen, failed;
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: mine.signal,
    });
    failed = answer.status === 413 ? "too_long" : answer.ok ? "" : "offline";
    if (!failed) screen = await answer.json();
  } catch {
    failed = "offline";
  }
  clearTimeout(timer);
  if (waiting !== mine) return; // hidden meanwhile
  waiting = null;
  if (!failed) {
    history.replaceState(null, "", "#" + screen.at);
    add(screen, after);
  } else {
    addNote(failed, failed === "offline" && (() => send(path, body, after)));
  }
}

function go(to, label) {
  if (waiting) return;
  addMine(...label.map(piece));
  send("/open", { to });
}

function ask(text) {
  if (text === "/hide") return hide();
  if (waiting || !text) return;
  $("text").value = "";
  addMine(text);
  // A keyboard on the screen would cover the answer; with one on the table the next question can follow.
  if (finger.matches) $("text").blur();
  send("/ask", { text, page: now.at, seed: asked++ }, { focus: finger.matches });
}

// Empties the page at once, with or without the server.
function hide() {
  waiting?.abort();
  waiting = null;
  history.replaceState(null, "", location.pathname);
  $("log").replaceChildren();
  $("text").value = "";
  const home = now.langs.length > 1 ? "home" : now.langs[0] + ":home";
  const words = (name, lang) => lines[lang]?.[name] ?? "";
  const said = (name, lang, is) => ({ is, lang, lines: [[{ text: words(name, lang) }]] });
  const label = now.langs.map((lang, n) => ({ text: (n ? " · " : "") + words("home", lang), lang }));
  add({
    at: home,
    langs: now.langs,
    blocks: now.langs.flatMap((lang) => [said("hidden", lang, "text"), said("hidden_web", lang, "small")]),
    rows: [[{ to: home, is: "page", label }]],
    standing: [],
    hide: [],
  });
}

// The place in the address, at the beginning and when somebody writes another into it.
function openAddress() {
  let to = location.hash.slice(1) || "home";
  try {
    to = decodeURIComponent(to);
  } catch {
    // not written by this page: the server says kindly that there is no such place
  }
  send("/open", { to, start: !location.hash }, { focus: false });
}

// What has the focus, or is read first, must not lie under the bars that stay in the window.
new ResizeObserver(() => {
  const room = (bar) => (getComputedStyle(bar).position === "sticky" ? bar.offsetHeight : 0) + 12 + "px";
  document.documentElement.style.scrollPadding = `${room(document.querySelector("header"))} 0 ${room($("dock"))}`;
}).observe($("dock"));

$("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  ask($("text").value.trim());
});
$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    ask($("text").value.trim());
  }
});
addEventListener("hashchange", openAddress);
speak(now.langs);
$("dock").hidden = false;
openAddress();
