// Joins the parts: what people do on the page, and what the live events change on it.

import { getState, post } from "./api.js";
import { redrawCard } from "./cards.js";
import { byId, element } from "./dom.js";
import { listen } from "./live.js";
import { groupLog, letters } from "./logs.js";
import { drawChoices, drawHearing, drawMembers, drawTasks, drawTop, flashPoints } from "./panels.js";
import { isPrivate } from "./talk.js";
import { chips, texts } from "./texts.js";
import { forget, groupOf, known, minutesUntil, remember, setNow, staff, takePicture, world } from "./world.js";

const press = (body) => act("press", body);
const chatLog = groupLog(startQuote, press);
const letterLog = letters(press);
const isPost = (change) => change.kind === "post";
const NOTICE_MS = 8000;
let quoting = "";

function drawPanels() {
  drawChoices();
  drawTop();
  drawMembers({
    join: (userid) => act("join", { userid, group: byId("group").value }),
    leave: (userid) => act("leave", { userid, group: byId("group").value }),
  });
  drawTasks((number, choice) => act("task", { number, choice, as: byId("answerer").value }));
  drawHearing();
  drawNames();
  byId("chips").firstElementChild.classList.toggle("first", !world.conversation.some(isPost));
}

function drawNames() {
  const taken = new Set(world.people.map((one) => one.name));
  const free = texts.names.filter((name) => !taken.has(name));
  byId("names").replaceChildren(...free.map((value) => element("option", { value })));
  if (!byId("newcomer-name").value && document.activeElement !== byId("newcomer-name")) byId("newcomer-name").value = free[0] ?? "";
}

// Whether it was done; why not is told above the panels.
async function act(what, body) {
  notice("");
  try {
    await post(what, body);
    return true;
  } catch (error) {
    notice(texts.errors[error.message] ?? texts.errors.other);
    return false;
  }
}

let noticeEnds = 0;

function notice(text) {
  clearTimeout(noticeEnds);
  byId("notice").textContent = text;
  if (text) noticeEnds = setTimeout(() => notice(""), NOTICE_MS);
}

async function say(text, { speaker = byId("speaker").value, mention = false, privately = false, quote = "" } = {}) {
  const group = privately ? "" : byId("group").value;
  return act("say", { as: speaker, text, mention: mention && !privately, private: privately, quote: privately ? "" : quote, group });
}

function startQuote(change) {
  quoting = change.text;
  byId("quote-text").textContent = change.text;
  byId("quote").hidden = false;
  byId("privately").checked = false;
  byId("mention").disabled = false;
  byId("text").focus();
}

function stopQuote() {
  quoting = "";
  byId("quote").hidden = true;
}

async function send(event) {
  event.preventDefault();
  const field = byId("text");
  const text = field.value.trim();
  if (!text) return;
  const [quote, how] = [quoting, { mention: byId("mention").checked, privately: byId("privately").checked }];
  field.value = "";
  stopQuote();
  if (!(await say(text, { ...how, quote })) && !field.value) field.value = text;
}

function drawChips() {
  byId("chips").replaceChildren(...chips.map((chip) => element("button", {
    type: "button",
    class: chip.first ? "chip first" : "chip",
    text: chip.label,
    on: { click: () => runChip(chip) },
  })));
}

async function runChip(chip) {
  const speaker = speakerFor(chip.as);
  const mention = chip.mention === "needed" ? !world.bot.hears_all : chip.mention;
  if (speaker !== byId("speaker").value && !chip.private) {
    byId("speaker").value = speaker;
    chatLog.redraw();
  }
  const word = chip.word ? (world.bot.words[chip.word] ?? "") : "";
  for (const words of chip.says ?? [""]) {
    const said = [word, words].filter(Boolean).join(" ");
    if (!said || !(await say(said, { speaker, mention, privately: chip.private }))) return;
  }
}

function speakerFor(role) {
  const current = byId("speaker").value;
  const here = groupOf(byId("group").value)?.members ?? [];
  const isStaff = (userid) => staff().some((one) => one.userid === userid);
  if (role === "owner" && !isStaff(current)) return staff().find((one) => here.includes(one.userid))?.userid ?? current;
  if (role === "member" && isStaff(current)) return here.find((userid) => !isStaff(userid)) ?? current;
  return current;
}

async function advance(minutes) {
  const buttons = [...document.querySelectorAll("[data-minutes], [data-clock]")];
  for (const button of buttons) button.disabled = true;
  await act("advance", { minutes });
  for (const button of buttons) button.disabled = false;
}

const tabs = [...document.querySelectorAll(".tabs button")];

function show(tab) {
  document.body.dataset.tab = tab;
  for (const button of tabs) {
    const shown = button.dataset.to === tab;
    button.setAttribute("aria-pressed", String(shown));
    if (shown) mark(tab, 0);
  }
  chatLog.toEnd();
  letterLog.toEnd();
}

// Count up what happened on a tab that is not in sight; 0 clears it.
function mark(tab, more) {
  const badge = tabs.find((button) => button.dataset.to === tab).querySelector(".badge");
  if (!badge) return;
  const count = more && document.body.dataset.tab !== tab ? Number(badge.textContent || 0) + more : 0;
  badge.textContent = count ? String(count) : "";
  badge.hidden = !count;
}

function changed(change) {
  if (!remember(change)) return;
  if (change.kind === "card") redrawCard(change.card.task_id);
  const near = chatLog.nearEnd();
  if (chatLog.add(change)) {
    byId("newest").hidden = near;
    mark("chat", 1);
  }
  if (letterLog.add(change) && isPrivate(change)) mark("private", 1);
}

const told = {
  change: changed,
  state(picture) {
    const titles = JSON.stringify([world.people, world.groups]);
    takePicture(picture);
    drawPanels();
    if (titles !== JSON.stringify([world.people, world.groups])) redrawLogs();
    flashes.splice(0).forEach(flashPoints);
  },
  points(one) {
    flashes.push(one);
    if (known(one.userid)) mark("members", 1);
  },
  task(task) {
    if (task.status !== "open") return;
    mark("tasks", 1);
    byId("announce").textContent = texts.newTask(task.number);
  },
  time({ now }) {
    setNow(now);
    drawTop();
  },
};
// Points are told before the picture that holds them; they flash once it is drawn.
const flashes = [];

function redrawLogs() {
  chatLog.redraw();
  letterLog.redraw();
}

async function drawAnew() {
  const state = await getState();
  forget();
  takePicture(state);
  state.conversation.forEach(remember);
  drawPanels();
  redrawLogs();
  return state.cursor;
}

function showLink(state, seconds) {
  const words = texts.link[state];
  byId("link").dataset.state = state;
  byId("link").textContent = typeof words === "function" ? words(seconds) : words;
}

byId("composer").addEventListener("submit", send);
byId("text").addEventListener("keydown", (event) => {
  // While an input method composes, Enter chooses a word.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  byId("composer").requestSubmit();
});
byId("newcomer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = byId("newcomer-name");
  if (await act("join", { name: field.value.trim(), group: byId("group").value })) field.value = "";
});
byId("privately").addEventListener("change", (event) => {
  byId("mention").disabled = event.target.checked;
  if (event.target.checked) stopQuote();
});
byId("quote-close").addEventListener("click", stopQuote);
byId("hint-close").addEventListener("click", () => (byId("hint").hidden = true));
byId("newest").addEventListener("click", () => chatLog.toEnd());
byId("log").addEventListener("scroll", () => chatLog.nearEnd() && (byId("newest").hidden = true));
byId("speaker").addEventListener("change", () => chatLog.redraw());
byId("group").addEventListener("change", () => {
  drawPanels();
  chatLog.redraw();
});
byId("reader").addEventListener("change", () => letterLog.redraw());
for (const radio of document.getElementsByName("hears")) {
  radio.addEventListener("change", async () => {
    if (!(await act("channel", { hears_all: radio.value === "all" }))) drawHearing();
  });
}
for (const button of tabs) button.addEventListener("click", () => show(button.dataset.to));
for (const button of document.querySelectorAll("[data-minutes]")) button.addEventListener("click", () => advance(Number(button.dataset.minutes)));
for (const button of document.querySelectorAll("[data-clock]")) button.addEventListener("click", () => advance(minutesUntil(button.dataset.clock)));

drawChips();
setInterval(drawTop, 1000);
listen({ tell: (kind, data) => told[kind](data), drawAnew, show: showLink });
