// Adds and removes repeated rows (skills, experiences, dates):
// [data-rows] holds [data-row]s, one <template data-row-template> whose names carry __index__, and [data-row-add].

export function startRows(root) {
  for (const group of root.querySelectorAll("[data-rows]")) {
    let next = firstFreeIndex(group);
    group.addEventListener("click", (event) => {
      if (event.target.closest("[data-row-add]")) {
        event.preventDefault();
        addRow(group, next++);
      }
      const remove = event.target.closest("[data-row-remove]");
      if (remove) {
        event.preventDefault();
        removeRow(group, remove.closest("[data-row]"));
      }
    });
  }
}

// Rows that were removed leave gaps: a new row starts above the highest number that stands in a name.
function firstFreeIndex(group) {
  const names = [...group.querySelectorAll("[data-row] [name]")].map((field) => field.name);
  return 1 + Math.max(-1, ...names.map((name) => Number(name.match(/-(\d+)(-|$)/)?.[1] ?? -1)));
}

function addRow(group, index) {
  const template = group.querySelector("template[data-row-template]");
  const holder = document.createElement("template");
  holder.innerHTML = template.innerHTML.replaceAll("__index__", String(index));
  const row = holder.content.querySelector("[data-row]");
  template.before(row);
  row.dispatchEvent(new CustomEvent("row-added", { bubbles: true }));
  row.querySelector("input, select, textarea")?.focus();
}

function removeRow(group, row) {
  row.dispatchEvent(new Event("input", { bubbles: true }));
  row.remove();
  (group.querySelector("[data-row-add]") ?? group).focus();
}
