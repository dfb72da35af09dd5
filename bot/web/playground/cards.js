// The buttons of a card, as they look to whoever would press them now.

import { element } from "./dom.js";
import { texts } from "./texts.js";
import { faceOf } from "./world.js";

export function cardBox(change, view) {
  const box = element("div", { class: "card-buttons", role: "group", "aria-label": texts.card, data: { card: change.card.task_id } });
  box.redraw = () => box.replaceChildren(...parts(change, view));
  box.redraw();
  return box;
}

// Every drawing of the card that has just changed.
export function redrawCard(id) {
  for (const box of document.querySelectorAll(".card-buttons")) if (box.dataset.card === id) box.redraw();
}

// In private the one who was written to presses, in a group whoever is chosen to speak.
function presser(change, view) {
  if (!view.letters) return view.speaker;
  return change.to.includes(view.reader) ? view.reader : change.to[0];
}

function parts(change, view) {
  const who = presser(change, view);
  const face = faceOf(change.card, who);
  const disabled = !change.to.includes(who);
  const options = face.options ?? [];
  const choice = options.length ? element("select", { "aria-label": texts.choose, disabled }, ...options.map(drawnOption)) : null;
  const buttons = face.buttons.map((button) => element("button", {
    type: "button",
    disabled,
    text: button.text,
    on: { click: (event) => pressed(event, view, { as: who, card: face.task_id, key: button.key, option: choice?.value ?? "" }) },
  }));
  return choice ? [choice, ...buttons] : buttons;
}

const drawnOption = (option) => element("option", { value: option.id, text: option.text });

async function pressed(event, view, body) {
  const button = event.currentTarget;
  button.disabled = true;
  await view.press(body);
  button.disabled = false;
}
