// Sends a filter form as soon as a choice changes: form[data-autosubmit]. Its button stays for those without scripts.

export function startAutosubmit(root) {
  for (const form of root.querySelectorAll("form[data-autosubmit]")) {
    form.addEventListener("change", (event) => {
      if (event.target.matches("select, input[type=checkbox]")) form.requestSubmit();
    });
  }
}
