// Warns before a page with typed but unsent words is left: form[data-leave]. Nothing is stored in the browser.

export function startLeaveWarning(root) {
  let changed = false;
  for (const form of root.querySelectorAll("form[data-leave]")) {
    form.addEventListener("input", () => { changed = true; });
    form.addEventListener("submit", () => { changed = false; });
    form.addEventListener("autosaved", () => { changed = false; });
  }
  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
}
