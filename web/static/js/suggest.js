// Offers words of the catalogue while typing: input[data-suggest="/catalogue/skills"] asks that address with ?q=
// and receives [{"value": …, "label": …}]. data-suggest-into="id" also keeps the chosen value in that hidden field.

const PAUSE_MS = 200;
const LEAST_CHARACTERS = 2;

export function startSuggestions(root) {
  root.querySelectorAll("input[data-suggest]").forEach(enhance);
  root.addEventListener("row-added", (event) => {
    event.target.querySelectorAll("input[data-suggest]").forEach(enhance);
  });
}

function enhance(input, order) {
  const list = document.createElement("datalist");
  list.id = `${input.id || input.name}-offers-${order}`;
  input.after(list);
  input.setAttribute("list", list.id);
  input.setAttribute("autocomplete", "off");
  const known = new Map();
  let timer = 0;
  let asked = null;
  input.addEventListener("input", () => {
    keepValue(input, known);
    clearTimeout(timer);
    if (input.value.trim().length < LEAST_CHARACTERS || known.has(input.value)) return;
    timer = setTimeout(async () => {
      asked?.abort();
      asked = new AbortController();
      const offers = await offersFor(input, asked.signal);
      if (!offers) return;
      show(list, known, offers);
      keepValue(input, known);
    }, PAUSE_MS);
  });
}

async function offersFor(input, signal) {
  const address = new URL(input.dataset.suggest, window.location.origin);
  address.searchParams.set("q", input.value);
  try {
    const answer = await fetch(address, { signal, headers: { Accept: "application/json" } });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null; // Overtaken or offline: typing goes on, the server checks the words.
  }
}

function show(list, known, offers) {
  known.clear();
  list.replaceChildren(...offers.map(({ value, label }) => {
    known.set(label, value);
    const option = document.createElement("option");
    option.value = label;
    return option;
  }));
}

function keepValue(input, known) {
  const hidden = document.getElementById(input.dataset.suggestInto ?? "");
  if (hidden) hidden.value = known.get(input.value) ?? "";
}
