// A next page that takes longer than a second says that it is being computed, until it is there or the reader goes on.
const note = document.getElementById("waiting");
let timer;

function show(shown) {
  clearTimeout(timer);
  note.hidden = !shown;
}

window.addEventListener("beforeunload", () => {
  show(false);
  timer = setTimeout(show, 1000, true);
});
for (const kind of ["pageshow", "pointerdown", "keydown"]) window.addEventListener(kind, () => show(false));
