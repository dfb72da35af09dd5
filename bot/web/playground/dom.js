// Making elements: text only ever becomes text, never markup.

export const byId = (id) => document.getElementById(id);

export function element(tag, options = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (name === "class") made.className = value;
    else if (name === "text") made.textContent = value;
    else if (name === "on") for (const [kind, run] of Object.entries(value)) made.addEventListener(kind, run);
    else if (name === "data") Object.assign(made.dataset, value);
    else if (typeof value === "boolean") made.toggleAttribute(name, value);
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

const HUES = 8;

export function avatar(userid, name) {
  const hue = [...userid].reduce((sum, sign) => (sum * 31 + sign.codePointAt(0)) % 9973, 7) % HUES;
  const signs = [...name];
  const initials = /^[\x20-\x7e]+$/.test(name) ? signs.slice(0, 2).join("").toUpperCase() : signs.slice(-2).join("");
  return element("span", { class: `avatar hue-${hue}`, "aria-hidden": "true", text: initials });
}

export function botAvatar() {
  return element("span", { class: "avatar bot", "aria-hidden": "true", text: "机" });
}

// Keeps what was chosen, as far as it is still there.
export function fillSelect(select, options, preferred) {
  const same = select.length === options.length
    && options.every(([value, label], i) => select.options[i].value === value && select.options[i].text === label);
  if (same) return;
  const chosen = select.value || preferred;
  select.replaceChildren(...options.map(([value, label]) => element("option", { value, text: label })));
  select.value = options.some(([value]) => value === chosen) ? chosen : (options[0]?.[0] ?? "");
}
