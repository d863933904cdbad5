// One key that leads from any page to a link ([data-key]), where no field has the focus. Whoever does not want it turns
// it off in this browser, on the page that it opens ([data-key-switch]).
const OFF = "keys:off";
const FIELDS = "input, textarea, select, [contenteditable]";
const toggle = document.querySelector("[data-key-switch]");

const isOff = () => {
  try {
    return localStorage.getItem(OFF) !== null;
  } catch {
    return false; // a browser that stores nothing
  }
};

function show() {
  const [text, button] = toggle.children;
  text.hidden = isOff();
  button.textContent = isOff() ? "Have the key n open this page from anywhere" : "Turn it off";
  toggle.hidden = false;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.repeat || event.isComposing) return;
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest?.(FIELDS) || isOff()) return;
  const link = [...document.querySelectorAll("a[data-key]")].find((each) => each.dataset.key === event.key);
  if (!link) return;
  event.preventDefault();
  link.click();
});

toggle?.querySelector("button").addEventListener("click", () => {
  if (isOff()) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "yes");
  show();
});
if (toggle) show();
