// Drawing the panels beside the conversation: members, tasks, hearing, and all the choices.

import { avatar, byId, element, fillSelect } from "./dom.js";
import { texts } from "./texts.js";
import { clockText, groupOf, known, nameOf, now, staff, world } from "./world.js";

export function drawTop() {
  byId("title").textContent = groupOf(byId("group").value)?.title ?? world.bot.title;
  byId("pack").textContent = world.bot.pack;
  const form = { year: "numeric", month: "numeric", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit" };
  byId("now").textContent = clockText(now(), form).replace("周", " 周");
}

export function drawChoices() {
  const group = groupOf(byId("group").value);
  const here = (group?.members ?? []).map((userid) => [userid, labelled(userid)]);
  const newcomer = here.find(([userid]) => (known(userid)?.role ?? "member") === "member");
  fillSelect(byId("speaker"), here, (newcomer ?? here[0])?.[0]);
  fillSelect(byId("group"), world.groups.map((one) => [one.id, one.title]));
  byId("group-label").hidden = world.groups.length < 2;
  fillSelect(byId("reader"), [["", texts.everyone], ...world.people.map((one) => [one.userid, one.name])]);
  fillSelect(byId("answerer"), staff().map((one) => [one.userid, labelled(one.userid)]));
}

function labelled(userid) {
  const role = texts.roles[known(userid)?.role] ?? "";
  return role ? `${nameOf(userid)}（${role}）` : nameOf(userid);
}

export function drawMembers({ join, leave }) {
  const group = groupOf(byId("group").value);
  const here = new Set(group?.members ?? []);
  const order = [...world.people].sort((a, b) => here.has(b.userid) - here.has(a.userid));
  byId("members-count").textContent = texts.count(here.size);
  const rows = order.map((one) => member(one, here.has(one.userid), { join, leave }));
  keepFocus(byId("members"), rows);
}

function member(one, present, { join, leave }) {
  const bot = known(one.userid);
  const tags = [texts.roles[bot?.role], bot?.level, texts.layers[bot?.layer] ?? bot?.layer].filter(Boolean);
  const figures = bot
    ? [element("b", { class: "points", text: texts.points(bot.balance) }), element("span", { text: texts.score(bot.score) })]
    : [element("span", { text: texts.unseen })];
  const word = present ? texts.leave : texts.join;
  const run = () => (present ? leave : join)(one.userid);
  return element(
    "li",
    { class: present ? "member" : "member gone", data: { userid: one.userid } },
    avatar(one.userid, one.name),
    element(
      "div",
      { class: "about" },
      element("p", {}, element("span", { class: "person", text: one.name }), ...tags.map((text) => element("span", { class: "tag", text }))),
      element("p", { class: "quiet-text figures" }, ...figures, present ? "" : element("span", { text: texts.gone })),
    ),
    element("button", { type: "button", text: word, "aria-label": `${one.name} ${word}`, on: { click: run }, data: { key: `go-${one.userid}` } }),
  );
}

export function flashPoints({ userid, before, now: points }) {
  const row = [...byId("members").children].find((one) => one.dataset.userid?.toLowerCase() === userid.toLowerCase());
  const gained = points - before;
  const text = gained > 0 ? `+${gained}` : String(gained);
  const flash = element("span", { class: gained > 0 ? "flash" : "flash lost", text });
  row?.querySelector(".points")?.after(flash);
  setTimeout(() => flash.remove(), 4000);
}

export function drawTasks(reply) {
  const order = [...world.bot.tasks].sort((a, b) => (b.status === "open") - (a.status === "open") || b.number - a.number);
  const rows = order.map((task) => taskRow(task, reply));
  if (!rows.length) rows.push(element("li", { class: "empty", text: texts.empty.tasks }));
  keepFocus(byId("tasks"), rows);
}

function taskRow(task, reply) {
  const open = task.status === "open";
  const buttons = Object.entries(texts.choices).map(([choice, word]) => element("button", {
    type: "button",
    text: word,
    "aria-label": texts.answerTask(word, task.number),
    on: { click: () => reply(task.number, choice) },
    data: { key: `${choice}-${task.number}` },
  }));
  return element(
    "li",
    { class: open ? "task" : "task closed" },
    element(
      "p",
      { class: "name" },
      element("span", { text: `#${task.number} ${texts.taskTo(addressee(task.to))}` }),
      element("span", { class: "tag", text: texts.statuses[task.status] ?? task.status }),
    ),
    element("p", { class: "said", text: task.text }),
    open ? element("div", { class: "buttons" }, ...buttons) : "",
  );
}

export function drawHearing() {
  const all = world.bot.hears_all;
  for (const radio of document.getElementsByName("hears")) radio.checked = (radio.value === "all") === all;
  byId("hearing-means").textContent = texts.hears[all];
  byId("capabilities").replaceChildren(...inOrder(world.bot.capabilities).map(([name, able]) => element(
    "li",
    { class: able ? "able" : "unable" },
    element("b", { text: able ? texts.can : texts.cannot }),
    ` ${texts.capabilities[name] ?? name}`,
  )));
  byId("channels").textContent = texts.channels(world.bot.channels);
}

// As the words for them stand: hearing first.
function inOrder(capabilities) {
  const order = Object.keys(texts.capabilities);
  return Object.entries(capabilities).sort(([one], [other]) => order.indexOf(one) - order.indexOf(other));
}

// Whom a task is for: a role, a userid, or words.
function addressee(to) {
  return texts.roles[to] || world.people.find((one) => one.userid === to)?.name || to;
}

// A redraw must not throw out somebody who goes through the list by keyboard.
function keepFocus(list, rows) {
  const key = list.contains(document.activeElement) ? document.activeElement.dataset.key : "";
  list.replaceChildren(...rows);
  if (key) [...list.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key)?.focus();
}
