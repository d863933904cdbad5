// One button opens or closes a whole tree. It stays hidden where scripts do not run.
const below = (button) => document.querySelectorAll(`#${button.getAttribute("aria-controls")} details`);

function show() {
  for (const button of document.querySelectorAll("button[data-tree-toggle]")) button.hidden = below(button).length === 0;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-tree-toggle]");
  if (!button) return;
  const open = [...below(button)].some((details) => !details.open);
  for (const details of below(button)) details.open = open;
  button.textContent = open ? "Close all" : "Open all";
});
document.addEventListener("htmx:afterSettle", show);
show();
