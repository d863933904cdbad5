// Keys for a list of what waits ([data-asks]), while the focus is in it: to the next entry and the one before, into it,
// to its answers, and to snooze it. Nothing else is taken from the keyboard, and all of it is links and buttons too.
const list = document.querySelector("[data-asks]");
const keys = document.querySelector("[data-keys]");
const WRITES = "input, textarea, select, [contenteditable]";

function move(from, by) {
  const all = [...list.children];
  const to = all[all.indexOf(from) + by];
  to?.focus();
  to?.scrollIntoView({ block: "nearest" });
}

const does = {
  j: (entry) => move(entry, 1),
  ArrowDown: (entry) => move(entry, 1),
  k: (entry) => move(entry, -1),
  ArrowUp: (entry) => move(entry, -1),
  a: (entry) => entry.querySelector(".answers :is(a, button)")?.focus(),
  s: (entry) => entry.querySelector(".answers a[href*='/snooze/']")?.click(),
  "?": () => {
    keys.open = !keys.open;
  },
};

function press(event) {
  const entry = event.target.closest("[data-asks] > *");
  if (!entry || event.ctrlKey || event.altKey || event.metaKey || event.target.matches(WRITES)) return;
  if (event.key === "Enter" && event.target === entry) entry.querySelector("a[href]")?.click();
  else if (Object.hasOwn(does, event.key)) does[event.key](entry);
  else return;
  event.preventDefault();
}

if (list) {
  list.addEventListener("keydown", press);
  keys.hidden = false;
  list.querySelector(":scope > [autofocus]")?.focus();
}
