// Finds skills in what was typed without leaving the page: [data-finder] within the [data-rows] that take them.
// The form goes to its own address as its button would send it; only what was found is taken from the answer.

const PATIENCE_MS = 10000;

export function startSkillFinders(root) {
  root.querySelectorAll("[data-finder]").forEach((finder) => {
    finder.addEventListener("click", (event) => {
      if (event.target.closest("[data-find]")) look(finder, event);
      if (event.target.closest("[data-add-found]")) add(finder, event);
    });
  });
}

async function look(finder, event) {
  event.preventDefault();
  const button = event.target.closest("[data-find]");
  const page = await answerTo(button);
  const found = page?.querySelector("[data-finder]");
  if (!found) {
    finder.querySelector("[data-finder-note]").textContent = finder.dataset.away;
    return;
  }
  for (const part of ["[data-finder-found]", "[data-finder-note]"]) {
    finder.querySelector(part).replaceChildren(...found.querySelector(part).childNodes);
  }
}

async function answerTo(button) {
  const body = new FormData(button.form);
  // What is ticked is not yet added: the answer must offer it again.
  body.delete("found");
  body.set(button.name, button.value);
  try {
    const address = button.form.getAttribute("action") || window.location.href;
    const answer = await fetch(address, { method: "POST", body, signal: AbortSignal.timeout(PATIENCE_MS) });
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  } catch {
    return null; // Offline, or no answer in time.
  }
}

function add(finder, event) {
  event.preventDefault();
  const ticked = [...finder.querySelectorAll("input[name=found]:checked")];
  const note = finder.querySelector("[data-finder-note]");
  const labels = ticked.map((box) => box.dataset.label);
  note.textContent = labels.length ? finder.dataset.added.replace("{skills}", labels.join(", ")) : finder.dataset.nothing;
  labels.forEach((label) => put(finder.closest("[data-rows]"), label));
  ticked.forEach((box) => box.closest("li").remove());
  if (!finder.querySelector("input[name=found]")) finder.querySelector("[data-finder-found]").replaceChildren();
  // A new row takes the focus: the reader is brought back to where she was.
  (finder.querySelector("[data-add-found]") ?? finder.querySelector("[data-find]")).focus();
}

// A blank row takes the skill, or a new one, which its button makes.
function put(rows, label) {
  const blank = () => [...rows.querySelectorAll("[data-row] input[name$=-word]")].find((field) => !field.value.trim());
  if (!blank()) rows.querySelector("[data-row-add]").click();
  const field = blank();
  field.value = label;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
