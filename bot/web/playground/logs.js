// The two scrolling logs: the group's conversation and the private messages.

import { byId, element } from "./dom.js";
import { belongsTo, isPrivate, rows, whoReads } from "./talk.js";
import { texts } from "./texts.js";
import { groupOf, world } from "./world.js";

const NEAR_END_PX = 80;
// Twice what is remembered: a time and a message each.
const MOST_ROWS = 800;

class Log {
  constructor(box, empty, belongs, view) {
    Object.assign(this, { box, empty, belongs, view, last: null, atEnd: true });
    box.addEventListener("scroll", () => (this.atEnd = this.nearEnd()));
    // What appears below it makes the log smaller; its end stays in sight.
    new ResizeObserver(() => this.atEnd && this.toEnd()).observe(box);
  }

  redraw() {
    this.last = null;
    // Drawn anew, nothing is news: a screen reader need not read it all again.
    this.box.setAttribute("aria-live", "off");
    setTimeout(() => this.box.setAttribute("aria-live", "polite"), 500);
    this.box.replaceChildren();
    for (const change of world.conversation) this.append(change);
    if (!this.last) this.box.append(element("p", { class: "empty", text: this.empty }));
    this.toEnd();
  }

  // Whether the change belongs here and was drawn.
  add(change) {
    const near = this.nearEnd();
    const drawn = this.append(change);
    if (drawn && near) this.toEnd();
    return drawn;
  }

  append(change) {
    if (!this.belongs(change)) return false;
    const drawn = rows(change, this.last, this.view());
    if (!drawn.length) return false;
    if (!this.last) this.box.replaceChildren();
    this.box.append(...drawn);
    while (this.box.childElementCount > MOST_ROWS) this.box.firstElementChild.remove();
    this.last = change;
    return true;
  }

  nearEnd() {
    return this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < NEAR_END_PX;
  }

  toEnd() {
    this.box.scrollTop = this.box.scrollHeight;
  }
}

export function groupLog(quote, press) {
  const view = () => ({ speaker: byId("speaker").value, group: groupOf(byId("group").value), quote, press });
  return new Log(byId("log"), texts.empty.log, (change) => belongsTo(change, view().group), view);
}

export function letters(press) {
  const reader = byId("reader");
  const belongs = (change) => isPrivate(change) && (!reader.value || whoReads(change).includes(reader.value));
  return new Log(byId("letters"), texts.empty.letters, belongs, () => ({ letters: true, reader: reader.value, press }));
}
