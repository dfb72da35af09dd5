// What the page knows: the newest picture, the conversation, and where the time stands.

import { texts } from "./texts.js";

const KEPT = 400;

export const world = {
  bot: { members: [], tasks: [], words: {}, capabilities: {}, channels: [], timezone: "Asia/Shanghai" },
  bot_name: "",
  groups: [],
  people: [],
  conversation: [],
  ahead: 0,
};

const seen = new Set();
// How a card looks to those who have pressed it: "card person" -> the card.
const faces = new Map();

export function takePicture(picture) {
  const { bot, bot_name, groups, people } = picture;
  Object.assign(world, { bot, bot_name, groups, people });
  setNow(picture.now);
}

export function setNow(now) {
  world.ahead = now - Date.now();
}

export function now() {
  return Date.now() + world.ahead;
}

export function forget() {
  world.conversation = [];
  seen.clear();
  faces.clear();
}

// False for a change that is already known: a resumed stream may tell it again.
export function remember(change) {
  if (seen.has(change.seq)) return false;
  seen.add(change.seq);
  if (change.kind === "card") for (const userid of change.to) faces.set(`${change.card.task_id} ${userid}`, change.card);
  world.conversation.push(change);
  if (world.conversation.length > KEPT) seen.delete(world.conversation.shift().seq);
  return true;
}

export function faceOf(card, userid) {
  return faces.get(`${card.task_id} ${userid}`) ?? card;
}

export function nameOf(userid) {
  if (userid === "bot") return texts.bot;
  if (userid === "@all") return texts.everyone;
  return world.people.find((one) => one.userid === userid)?.name ?? texts.nobody;
}

export function namesOf(userids) {
  return userids.map(nameOf).join("、");
}

export function groupOf(id) {
  return world.groups.find((group) => group.id === id) ?? world.groups[0];
}

// What the bot knows of somebody, if it knows of them.
export function known(userid) {
  return world.bot.members.find((one) => one.userid.toLowerCase() === userid.toLowerCase());
}

export function staff() {
  const all = world.people.filter((one) => ["owner", "staff"].includes(known(one.userid)?.role));
  const owner = world.groups[0]?.owner;
  return all.length ? all.sort(byRole) : world.people.filter((one) => one.userid === owner);
}

function byRole(one, other) {
  const rank = (person) => (known(person.userid)?.role === "owner" ? 0 : 1);
  return rank(one) - rank(other);
}

export function clockText(at, form) {
  return new Intl.DateTimeFormat("zh-CN", { timeZone: world.bot.timezone, hourCycle: "h23", ...form }).format(at);
}

const MINUTES_A_DAY = 24 * 60;

// Whole minutes until the clock shows `hhmm` the next time; never 0.
export function minutesUntil(hhmm) {
  const [hour, minute] = hhmm.split(":").map(Number);
  const [h, m, s] = clockText(now(), { hour: "2-digit", minute: "2-digit", second: "2-digit" }).split(":").map(Number);
  const left = hour * 60 + minute - (h * 60 + m + s / 60);
  return Math.max(1, Math.ceil(left > 0 ? left : left + MINUTES_A_DAY));
}
