// Saves a form by itself while it is written: form[data-autosave="address"], told in its [data-autosave-note].
// One request at a time, the last state wins. The first answer names the address at which the form stands from then on.

const PAUSE_MS = 3000;
const AGAIN_MS = 30000;
const PATIENCE_MS = 10000;

export function startAutosave(root) {
  for (const form of root.querySelectorAll("form[data-autosave]")) new Autosave(form).watch();
}

class Autosave {
  constructor(form) {
    this.form = form;
    this.note = form.querySelector("[data-autosave-note]");
    this.kept = stateOf(form);
    this.asked = null; // The request under way.
    this.isSubmitted = false; // A button was pressed and nothing typed since.
    this.isWaiting = false; // That press waits for the request under way.
  }

  watch() {
    this.form.addEventListener("input", () => {
      this.isSubmitted = false;
      this.later(PAUSE_MS);
    });
    this.form.addEventListener("submit", (event) => this.giveWay(event));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.save({ keepalive: true });
    });
    window.addEventListener("pagehide", () => this.save({ keepalive: true }));
    window.addEventListener("online", () => this.save());
  }

  later(pauseMs) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), pauseMs);
  }

  async save(options = {}) {
    if (this.asked || this.isSubmitted || stateOf(this.form) === this.kept) return;
    clearTimeout(this.timer);
    const state = stateOf(this.form);
    this.asked = this.ask(state, options);
    const pauseMs = await this.asked;
    this.asked = null;
    // What was typed meanwhile follows by itself; what the server refused waits for the next word.
    if (stateOf(this.form) !== state) this.later(PAUSE_MS);
    else if (pauseMs) this.later(pauseMs);
  }

  // Sends the form; resolves to the pause before it is to be tried again, 0 when it is not.
  async ask(state, options) {
    const answer = await this.fetch(options);
    if (!answer) return this.trouble(this.note.dataset.away, AGAIN_MS);
    if (answer.type === "opaqueredirect") return this.trouble(this.note.dataset.ended);
    const told = await answer.json().catch(() => ({}));
    if (told.saved_at) return this.keep(state, told);
    const isPassing = answer.status === 429 || answer.status >= 500;
    return this.trouble(told.problem ?? this.note.dataset.busy, isPassing ? AGAIN_MS : 0);
  }

  async fetch(options) {
    const body = new FormData(this.form);
    const signal = AbortSignal.timeout(PATIENCE_MS);
    try {
      return await fetch(this.form.dataset.autosave, { method: "POST", body, redirect: "manual", signal, ...options });
    } catch {
      return null; // Offline, or no answer in time: what was typed stays in the form.
    }
  }

  keep(state, told) {
    this.kept = state;
    this.form.setAttribute("action", told.address);
    history.replaceState(history.state, "", told.address);
    if (stateOf(this.form) === state) this.form.dispatchEvent(new Event("autosaved"));
    this.say(told.saved_at);
    this.note.classList.remove("autosave-trouble");
    return 0;
  }

  trouble(words, pauseMs = 0) {
    this.say(words);
    this.note.classList.add("autosave-trouble");
    return pauseMs;
  }

  // The same words are not spoken twice.
  say(words) {
    if (this.note.textContent !== words) this.note.textContent = words;
  }

  // A pressed button waits for the request under way: two writers at once could leave the older words.
  giveWay(event) {
    this.isSubmitted = true;
    clearTimeout(this.timer);
    if (!this.asked) return;
    event.preventDefault();
    if (this.isWaiting) return;
    this.isWaiting = true;
    this.asked.then(() => {
      this.isWaiting = false;
      this.form.requestSubmit(event.submitter);
    });
  }
}

function stateOf(form) {
  return new URLSearchParams(new FormData(form)).toString();
}
