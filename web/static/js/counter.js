// Says how many characters are left: [data-counter="id of the text area"][data-limit][data-left][data-over].

export function startCounters(root) {
  for (const words of root.querySelectorAll("[data-counter]")) {
    const area = root.getElementById(words.dataset.counter);
    if (!area) continue;
    const tell = () => say(words, Number(words.dataset.limit) - countOf(area.value));
    area.addEventListener("input", tell);
    tell();
  }
}

// Characters as the server counts them: code points, not UTF-16 units.
function countOf(text) {
  return [...text].length;
}

function say(words, left) {
  const sentence = left < 0 ? words.dataset.over : words.dataset.left;
  words.textContent = sentence.replace("{n}", String(Math.abs(left)));
  words.classList.toggle("counter-over", left < 0);
  // Spoken only near the end, so that typing is not drowned in numbers.
  words.setAttribute("aria-live", left < 50 ? "polite" : "off");
}
