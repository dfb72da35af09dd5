// Drawing what was said and what happened, in the group and in private.

import { cardBox } from "./cards.js";
import { avatar, botAvatar, element } from "./dom.js";
import { texts } from "./texts.js";
import { clockText, nameOf, namesOf, world } from "./world.js";

const SPOKEN = new Set(["said", "post", "dm", "passive"]);
const APART = new Set([...SPOKEN, "recalled", "pressed", "card"]);
const GAP_MS = 5 * 60 * 1000;

export const isSpoken = (change) => SPOKEN.has(change.kind);
export const isPrivate = (change) => change.chat === "" && APART.has(change.kind);

// Callbacks nobody answered belong to no group; they are shown where people look.
export function belongsTo(change, group) {
  return !isPrivate(change) && (change.chat === "" || change.chat === group?.id);
}

export function whoReads(change) {
  return change.from === "bot" ? change.to : [change.from];
}

// `before` is the change drawn above this one: the time is told where time has passed.
export function rows(change, before, view) {
  const drawn = isSpoken(change) ? message(change, view) : line(change);
  if (!drawn) return [];
  return before && change.at - before.at < GAP_MS ? [drawn] : [time(change.at), drawn];
}

function time(at) {
  const form = { month: "numeric", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit" };
  return element("p", { class: "time", text: clockText(at, form).replace("周", " 周") });
}

function line(change) {
  const words = texts.happened[change.kind];
  if (!words) return null;
  const bad = ["removed", "dropped", "unheard", "bad_reply", "swallowed"].includes(change.kind);
  const who = namesOf(change.to.length && change.kind !== "pressed" ? change.to : [change.from]);
  return element("p", { class: bad ? "happened bad" : "happened", text: words(who, change.text) });
}

function message(change, view) {
  const byBot = change.from === "bot";
  const mine = change.from === view.speaker && !view.letters;
  const said = change.picture ? shown(change) : element("span", { class: "said", text: change.text });
  const bubble = element("div", { class: "bubble" }, quoted(change), said);
  const card = change.card ? cardBox(change, view) : null;
  const body = element("div", { class: "body" }, head(change, view), bubble, card, foot(change, view));
  const face = byBot ? botAvatar() : avatar(change.from, nameOf(change.from));
  const kind = ["message", byBot ? "by-bot" : "", mine ? "mine" : ""].filter(Boolean).join(" ");
  return element("article", { class: kind, data: { seq: change.seq } }, face, body);
}

function shown(change) {
  return element("img", { class: "picture", src: `/play/pictures/${change.picture}`, alt: change.text, loading: "lazy" });
}

function quoted(change) {
  return change.quote ? element("span", { class: "quoted", text: change.quote }) : null;
}

function head(change, view) {
  const name = nameOf(change.from);
  if (view.letters) {
    const text = change.from === "bot" ? texts.toPerson(namesOf(change.to)) : texts.toBot(name);
    return element("p", { class: "name", text });
  }
  const tag = change.from === "bot" ? element("span", { class: "tag", text: world.bot_name || texts.bot }) : null;
  return element("p", { class: "name" }, element("span", { text: name }), tag);
}

function foot(change, view) {
  const notes = [mentioned(change), onlySome(change, view), notHeard(change), quoteButton(change, view)].filter(Boolean);
  return notes.length ? element("p", { class: "foot" }, ...notes) : null;
}

function mentioned(change) {
  const names = change.mentions.map(nameOf).filter((name) => !change.text.includes(`@${name}`));
  return names.length ? element("span", { text: texts.mentions(names.join("、")) }) : null;
}

function onlySome(change, view) {
  const members = view.group?.members.length ?? 0;
  if (view.letters || change.kind !== "passive" || change.to.length >= members) return null;
  return change.to.length <= 3 ? element("span", { text: texts.only(namesOf(change.to)) }) : null;
}

function notHeard(change) {
  return change.heard === false ? element("span", { class: "deaf", text: texts.unheard }) : null;
}

function quoteButton(change, view) {
  if (view.letters) return null;
  const run = () => view.quote(change);
  return element("button", { type: "button", class: "bare quote-this", text: texts.quote, on: { click: run } });
}
