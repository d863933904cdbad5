// A field that asks for people ([data-people]) offers them while one types: a combobox (ARIA 1.2) whose list comes as
// HTML from the address in the attribute. The keyboard stays in the field. Without scripts it is a text field.
// What is asked for is the whole of an input, one line of a textarea, and what stands behind an @ where `data-mentions` is.
{
  const WAIT = 150; // milliseconds without a key
  const MENTION = /(?:^|[\s(])@([^\s@][^\n@]{0,60})$/;

  class PersonPicker {
    #at = -1;
    #options = [];
    #request = null;
    #timer = 0;

    constructor(input) {
      this.input = input;
      this.panel = document.createElement("div");
      this.panel.className = "picker__panel";
      this.panel.hidden = true;
      input.after(this.panel);
      this.whole = input.matches("input");
      input.setAttribute("aria-autocomplete", "list");
      input.setAttribute("aria-haspopup", "listbox");
      if (this.whole) input.setAttribute("role", "combobox"); // a textarea is a textbox
      this.#expanded(false);
      input.addEventListener("input", () => this.#later());
      input.addEventListener("keydown", (event) => this.#press(event));
      input.addEventListener("blur", () => this.close());
      this.panel.addEventListener("mousedown", (event) => event.preventDefault());
      this.panel.addEventListener("click", (event) => this.#choose(event.target.closest("[role=option]")));
    }

    close() {
      clearTimeout(this.#timer);
      this.#request?.abort();
      this.panel.hidden = true;
      this.#options = [];
      this.#mark(-1);
      this.#expanded(false);
      this.input.removeAttribute("aria-controls");
    }

    #expanded(is) {
      if (this.whole) this.input.setAttribute("aria-expanded", String(is));
    }

    // Where what is asked for begins and ends, or null where nothing is.
    #part() {
      const { value, selectionStart: caret } = this.input;
      if (this.whole) return [0, value.length];
      const before = value.slice(0, caret);
      if ("mentions" in this.input.dataset) {
        const typed = before.match(MENTION);
        return typed && [caret - typed[1].length, caret];
      }
      const end = value.indexOf("\n", caret);
      return [before.lastIndexOf("\n") + 1, end < 0 ? value.length : end];
    }

    #typed() {
      const part = this.#part();
      return part ? this.input.value.slice(...part).trim() : "";
    }

    #later() {
      clearTimeout(this.#timer);
      this.#request?.abort();
      this.#mark(-1);
      if (this.#typed()) this.#timer = setTimeout(() => this.#ask(), WAIT);
      else this.close();
    }

    // Opens the list; `first` is the option to mark, counted from the end where it is negative.
    async #ask(first = null) {
      clearTimeout(this.#timer);
      this.#request?.abort();
      const request = new AbortController();
      this.#request = request;
      const address = new URL(this.input.dataset.people, location.href);
      address.searchParams.set("q", this.#typed());
      try {
        const response = await fetch(address, { signal: request.signal });
        if (!response.ok || response.redirected) return this.close();
        const html = await response.text();
        if (!request.signal.aborted && document.activeElement === this.input) this.#show(html, first);
      } catch {
        if (!request.signal.aborted) this.close(); // what was typed is sent as it is
      }
    }

    #show(html, first) {
      this.panel.innerHTML = html;
      const list = this.panel.querySelector("[role=listbox]");
      list.id = `${this.input.id}_people`;
      this.#options = [...list.children];
      if (!this.whole && !this.#options.length) return this.close(); // it may be no name
      this.#options.forEach((option, at) => (option.id = `${list.id}_${at}`));
      list.hidden = this.#options.length === 0;
      this.panel.hidden = false;
      this.#expanded(!list.hidden);
      if (list.hidden) this.input.removeAttribute("aria-controls");
      else this.input.setAttribute("aria-controls", list.id);
      document.getElementById("announcer").textContent = this.panel.querySelector(".picker__said").textContent;
      this.#mark(-1);
      if (first !== null) this.#move(first);
    }

    #press(event) {
      if (event.isComposing || event.ctrlKey || event.metaKey) return;
      const open = this.#options.length > 0;
      const moves = { ArrowDown: this.#at + 1, ArrowUp: this.#at < 0 ? -1 : this.#at - 1 };
      if (event.key in moves) {
        if (open) this.#move(moves[event.key]);
        else if (!this.whole) return;
        else this.#ask(event.key === "ArrowDown" ? 0 : -1);
      } else if (this.#at >= 0 && event.key === "Home") this.#move(0);
      else if (this.#at >= 0 && event.key === "End") this.#move(-1);
      else if (this.#at >= 0 && event.key === "Enter") this.#choose(this.#options[this.#at]);
      else if (!this.panel.hidden && event.key === "Escape") this.close();
      else return;
      event.preventDefault();
      event.stopPropagation();
    }

    #move(at) {
      const count = this.#options.length;
      if (count) this.#mark((at + count) % count);
    }

    #mark(at) {
      this.#at = at;
      this.#options.forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
      if (at < 0) return this.input.removeAttribute("aria-activedescendant");
      this.input.setAttribute("aria-activedescendant", this.#options[at].id);
      this.#options[at].scrollIntoView({ block: "nearest" });
    }

    #choose(option) {
      if (!option) return;
      const part = this.#part();
      const chosen = "mentions" in this.input.dataset ? `${option.dataset.mention} ` : option.dataset.value;
      if (part) this.input.setRangeText(chosen, ...part, "end");
      this.close();
      this.input.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  const prepare = () => {
    for (const input of document.querySelectorAll("[data-people]:not([aria-autocomplete])")) new PersonPicker(input);
  };

  document.addEventListener("htmx:afterSettle", prepare);
  prepare();
}
