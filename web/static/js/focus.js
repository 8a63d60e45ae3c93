// Brings the reader to the summary of errors: [data-focus].

export function focusFirst(root) {
  root.querySelector("[data-focus]")?.focus();
}
