// A next page that takes longer than a second says that it is being computed, until it is there or the reader goes on.
const note = document.getElementById("waiting");
let timer;
let leaves = true;

function show(shown) {
  clearTimeout(timer);
  note.hidden = !shown;
}

// A link to a mail program or to a file leads to no page.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  leaves = !link || (link.protocol === location.protocol && !link.hasAttribute("download"));
});
window.addEventListener("beforeunload", () => {
  show(false);
  if (leaves) timer = setTimeout(show, 1000, true);
});
for (const kind of ["pageshow", "pointerdown", "keydown"]) window.addEventListener(kind, () => show(false));
