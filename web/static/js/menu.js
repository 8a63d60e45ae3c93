// Closes an open header menu with Escape or a press elsewhere: details.menu works without this.

export function startMenus(root) {
  for (const menu of root.querySelectorAll("details.menu")) {
    root.addEventListener("click", (event) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  }
}
