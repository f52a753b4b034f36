// Sheets that slide up: choices, forms, and things to look at. One is open at a time.
import { $, el } from "./core.js";

function open(title, nodes) {
  const sheet = $("sheet");
  sheet.setAttribute("aria-label", title);
  $("sheet-title").textContent = title;
  $("choices").className = "";
  $("choices").replaceChildren(...nodes);
  if (!sheet.open) sheet.showModal();
}
export const close = () => $("sheet").close();

/** One of several things: `{ node, run, hint? }`. */
export function choose(title, options, kind = "") {
  const button = ({ node, run, hint }) => el("button", { type: "button", onclick: () => { close(); run(); } }, node, hint ? el("small", {}, hint) : null);
  open(title, options.map((option) => (option.heading ? el("h3", {}, option.heading) : button(option))));
  $("choices").className = kind;
}

/** Something to look at. */
export const look = (title, ...nodes) => open(title, nodes);

/**
 * A form: `{ name, label, value?, type?, rows?, step?, required?, inputMode? }` each. `done` gets the values by
 * name; when it throws, the form says why and stays.
 */
export function form(title, fields, button, done) {
  const problem = el("p", { className: "problem", role: "alert", hidden: true });
  const inputs = fields.map((field) => {
    const { label, rows, ...rest } = field;
    const props = { required: true, ...rest };
    const input = rows ? el("textarea", { rows, name: field.name, value: field.value || "", spellcheck: false }) : el("input", { autocomplete: "off", ...props });
    return el("label", {}, label, input);
  });
  const node = el("form", { className: "form" }, inputs, problem, el("button", { className: "main", type: "submit" }, button));
  node.onsubmit = (event) => {
    event.preventDefault();
    try {
      const made = done(Object.fromEntries(new FormData(node)));
      close();
      return made;
    } catch (error) {
      problem.textContent = error.message;
      problem.hidden = false;
      return undefined;
    }
  };
  open(title, [node]);
}

/** A number a person typed. */
export function number(text, what) {
  const value = Number(String(text).replace(",", "."));
  if (!Number.isFinite(value) || String(text).trim() === "") throw new Error(`${what}: write a number.`);
  return value;
}

/** JSON a person typed. */
export function json(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`This is no JSON: ${error.message}`);
  }
}
