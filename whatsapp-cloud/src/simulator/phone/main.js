// The phone: who holds it, with whom they talk, and what is shown, asked again and again.
import { $, call, el, hue, listen, me, quote, tried, watched, world } from "./core.js";
import { plain } from "./bubbles.js";
import { compose } from "./compose.js";
import { faults } from "./faults.js";
import { draw } from "./thread.js";

let numbers = [];
let shown = "";
let wrote = false;

const refresh = watched(async () => {
  if (!me.number) return;
  const query = new URLSearchParams({ phone_number_id: me.number, who: me.who });
  const { now, ...thread } = await call(`/_sim/thread?${query}`);
  world.now = Date.parse(now);
  const seen = JSON.stringify([me, thread]);
  if (seen !== shown) {
    draw(thread, wrote);
    shown = seen;
    wrote = false;
  }
  $("stop").setAttribute("aria-pressed", String(thread.stopped));
  $("block").setAttribute("aria-pressed", String(thread.blocked));
  $("write").hidden = thread.blocked;
  $("blocked").hidden = !thread.blocked;
  const unread = thread.data.some((item) => item.by === "business" && item.status === "delivered");
  if (unread && !document.hidden) await call("/_sim/open", { phone_number_id: me.number, who: me.who });
});

const people = watched(async () => {
  if (!me.number) return;
  const { data } = await call(`/_sim/threads?${new URLSearchParams({ phone_number_id: me.number })}`);
  const item = (person) => {
    const face = el("span", { className: "face" }, (person.name || person.who).replace("+", "").slice(0, 1).toUpperCase());
    face.style.setProperty("--hue", hue(person.who));
    const button = el("button", { type: "button", onclick: () => hold({ who: person.who, name: person.name || "" }) }, face, el("span", {}, person.name || person.who, el("small", {}, person.name ? person.who : "")));
    if (person.who === me.who) button.setAttribute("aria-current", "true");
    return el("li", {}, button);
  };
  $("people").replaceChildren(...(data.length ? data.map(item) : [el("li", { className: "none" }, "Nobody has written yet.")]));
});

function hold(change) {
  Object.assign(me, change);
  localStorage.setItem("phone", JSON.stringify(me));
  const number = numbers.find((n) => n.id === me.number);
  $("who").value = me.who;
  $("name").value = me.name;
  $("number").value = me.number;
  $("title").textContent = number?.verified_name || "…";
  $("subtitle").textContent = `you are ${me.name || me.who} · ${number?.phone || ""}`;
  $("face").textContent = (number?.verified_name || "?").slice(0, 1);
  $("face").style.setProperty("--hue", hue(number?.id || ""));
  document.body.classList.remove("choosing");
  shown = "";
  quote(null);
  refresh();
  people();
}

function paint(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
}

listen({
  acted: () => {
    wrote = true;
    return refresh();
  },
  quoted: (item) => {
    $("quote").hidden = !item;
    if (item) {
      $("quoted").textContent = plain(item);
      $("text").focus();
    }
  },
});
compose(refresh);
faults();
$("number").onchange = () => hold({ number: $("number").value });
$("person").onsubmit = (event) => {
  event.preventDefault();
  const who = $("who").value.trim();
  hold({ who: /^[+\d]/.test(who) ? `+${who.replace(/\D/g, "")}` : who, name: $("name").value.trim() });
};
$("back").onclick = () => document.body.classList.add("choosing");
paint(localStorage.getItem("phone-theme"));
$("theme").onclick = () => {
  const set = document.documentElement.dataset.theme;
  const dark = set ? set === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const next = dark ? "light" : "dark";
  localStorage.setItem("phone-theme", next);
  paint(next);
};
tried(async () => {
  const { wabas } = await call("/_sim/world");
  numbers = wabas.flatMap((waba) => waba.phone_numbers);
  $("number").replaceChildren(...numbers.map((n) => el("option", { value: n.id }, `${n.verified_name} · ${n.phone}`)));
  if (!numbers.length) throw new Error("This world has no numbers.");
  hold({ number: numbers.some((n) => n.id === me.number) ? me.number : numbers[0].id });
  setInterval(refresh, 700);
  setInterval(people, 3000);
})();
