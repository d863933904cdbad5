// The rows of a tree that is written (strategy_goals.html): dragged by its handle, a row goes before or after another
// one, beside it. The form comes back with the tree as it is then; nothing is saved. Buttons do the same.
const rowOf = (element) => element.closest("[data-rows] > li");
const below = (row) => row.querySelector("[name^=below-]");
const depth = (row) => Number(row.dataset.depth);
let dragged = null;

function holds(row, other) {
  let next = row;
  do {
    if (next === other) return true;
    next = next.nextElementSibling;
  } while (next && depth(next) > depth(row));
  return false;
}

function target(event) {
  const over = dragged && rowOf(event.target);
  return over && !holds(dragged, over) ? over : null;
}

function place(over, after) {
  const where = below(over)?.value ?? over.dataset.below;
  const own = below(dragged);
  if (own) own.value = where;
  else if (where !== dragged.dataset.below) return;
  if (after) over.after(dragged);
  else over.before(dragged);
  const move = Object.assign(document.createElement("input"), { type: "hidden", name: "move" });
  move.value = `${dragged.dataset.key} drop`;
  const form = over.closest("form");
  form.append(move);
  form.requestSubmit();
}

document.addEventListener("dragstart", (event) => {
  if (event.target.closest?.("[data-handle]")) dragged = rowOf(event.target);
});
document.addEventListener("dragover", (event) => {
  if (target(event)) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  const over = target(event);
  if (!over) return;
  event.preventDefault();
  const { top, height } = over.getBoundingClientRect();
  place(over, event.clientY > top + height / 2);
});
document.addEventListener("dragend", () => {
  dragged = null;
});
