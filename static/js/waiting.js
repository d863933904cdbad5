// A next page that takes longer than a second says that it is being computed, until it is there or the reader goes on.
const note = document.getElementById("waiting");
let timer;

function say(words) {
  clearTimeout(timer);
  note.textContent = words;
}

window.addEventListener("beforeunload", () => {
  say("");
  timer = setTimeout(say, 1000, note.dataset.words);
});
for (const kind of ["pageshow", "pointerdown", "keydown"]) window.addEventListener(kind, () => say(""));
