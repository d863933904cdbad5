// A list that is put in order: its buttons and the pointer move rows at once, and the form saves the whole. Where
// scripts do not run, the buttons send the form, and the page comes back with the row moved.
const rowOf = (element) => element.closest("[data-order] > li");
let dragged = null;

function say(row) {
  const rows = [...row.parentElement.children];
  const title = row.querySelector(".order__title").textContent.trim();
  document.getElementById("announcer").textContent = `${title}: place ${rows.indexOf(row) + 1} of ${rows.length}`;
}

function step(row, down) {
  const beside = down ? row.nextElementSibling : row.previousElementSibling;
  if (!beside) return;
  if (down) beside.after(row);
  else beside.before(row);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-order] button[name=move]");
  if (!button) return;
  event.preventDefault();
  const row = rowOf(button);
  step(row, button.value.endsWith("down"));
  button.focus();
  say(row);
});

document.addEventListener("dragstart", (event) => {
  dragged = rowOf(event.target);
});
document.addEventListener("dragover", (event) => {
  const over = dragged && rowOf(event.target);
  if (!over || over.parentElement !== dragged.parentElement) return;
  event.preventDefault();
  if (over === dragged) return;
  const { top, height } = over.getBoundingClientRect();
  if (event.clientY > top + height / 2) over.after(dragged);
  else over.before(dragged);
});
document.addEventListener("dragend", () => {
  if (dragged) say(dragged);
  dragged = null;
});

for (const row of document.querySelectorAll("[data-order] > li")) row.draggable = true;
