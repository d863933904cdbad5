// Long text: its toolbar (markdown-toolbar) and a preview by the same renderer as the pages'. What is typed into a form
// with long text is kept on the server two seconds after the last key, and in this tab where the server does not take it.
const WAIT = 2000; // milliseconds without a key
const AT = "typed:"; // before the path, in the storage of the tab

function prepare(editor) {
  const [bar, look, text, preview] = [".editor__bar", ".editor__look", "textarea", ".editor__preview"].map((part) =>
    editor.querySelector(part),
  );
  bar.hidden = false;
  text.addEventListener("keydown", (event) => {
    const button = (event.ctrlKey || event.metaKey) && !event.altKey && bar.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });
  look.addEventListener("click", async () => {
    const shows = look.getAttribute("aria-pressed") === "false";
    if (shows) await draw(editor.dataset.editor, text, preview);
    look.setAttribute("aria-pressed", String(shows));
    look.textContent = shows ? "Go on writing" : "Preview";
    editor.querySelector(".editor__tools").hidden = shows;
    text.hidden = shows;
    preview.hidden = !shows;
    if (!shows) text.focus();
  });
}

async function draw(address, text, preview) {
  const body = new FormData();
  body.append("text", text.value);
  const html = await posted(address, text.form, body);
  if (html) preview.innerHTML = html;
  else preview.textContent = html === "" ? "Nothing is written yet." : "The server did not answer. What you typed is still here.";
}

// The text of the answer; null where there is none, or where it is not for whoever is signed in.
async function posted(address, form, body) {
  body.set("csrfmiddlewaretoken", form?.elements.csrfmiddlewaretoken?.value ?? "");
  try {
    const response = await fetch(address, { method: "POST", body, keepalive: true });
    return response.ok && !response.redirected ? await response.text() : null;
  } catch {
    return null;
  }
}

class Keeping {
  #timer = 0;

  constructor(form, note) {
    this.form = form;
    this.note = note;
    form.addEventListener("input", () => this.#later());
    form.addEventListener("submit", () => clearTimeout(this.#timer));
  }

  #later() {
    clearTimeout(this.#timer);
    this.note.textContent = "";
    this.#timer = setTimeout(() => this.#keep(), WAIT);
  }

  async #keep() {
    const path = new URL(this.form.action).pathname;
    const typed = new FormData(this.form);
    typed.append("form", path);
    const isKept = (await posted(this.form.dataset.keeps, this.form, typed)) !== null;
    const values = [...typed].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
    if (isKept) sessionStorage.removeItem(AT + path);
    else sessionStorage.setItem(AT + path, JSON.stringify(values));
    this.note.textContent = isKept ? "What you typed is kept; it is not saved yet." : "";
  }
}

// What this tab kept while the server did not take it goes there as soon as its form is open again.
async function sendKept(form) {
  const at = AT + new URL(form.action).pathname;
  const values = sessionStorage.getItem(at);
  if (values === null) return;
  const body = new FormData();
  for (const [name, value] of JSON.parse(values)) body.append(name, value);
  if ((await posted(form.dataset.keeps, form, body)) === null) return;
  sessionStorage.removeItem(at);
  location.reload();
}

for (const editor of document.querySelectorAll("[data-editor]")) prepare(editor);
for (const form of document.querySelectorAll("form[data-keeps]")) {
  sendKept(form);
  new Keeping(form, form.querySelector("[data-kept]"));
}
