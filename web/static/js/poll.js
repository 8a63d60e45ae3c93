// Looks again at a part of the page until its answer is there: [data-poll="address of the page"] with an id of its own.
// Without it the reader follows a link. It gives up after a while and says so in its [data-poll-note].

const PAUSE_MS = 1500;
const MOST_LOOKS = 30;

export function startPolls(root) {
  for (const part of root.querySelectorAll("[data-poll]")) lookLater(part, 1);
}

function lookLater(part, looks) {
  setTimeout(() => look(part, looks), PAUSE_MS);
}

async function look(part, looks) {
  const fresh = await fetched(part);
  if (fresh && !("poll" in fresh.dataset)) return show(part, fresh);
  if (looks >= MOST_LOOKS) return giveUp(part);
  lookLater(part, looks + 1);
}

async function fetched(part) {
  try {
    const answer = await fetch(part.dataset.poll, { redirect: "error" });
    if (!answer.ok) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
  } catch {
    return null; // Offline for a moment: the next look may find it.
  }
}

// The part stays, only what it holds changes, so that a screen reader speaks the answer.
function show(part, fresh) {
  delete part.dataset.poll;
  part.replaceChildren(...fresh.children);
}

function giveUp(part) {
  const note = part.querySelector("[data-poll-note]");
  if (note) note.textContent = part.dataset.pollLate;
}
