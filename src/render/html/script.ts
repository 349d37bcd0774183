/** Sorting and filtering, inside the page. Without scripts the report reads the same, in its own order. */
export const script = `
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  table.querySelectorAll("th button").forEach((button) => {
    const header = button.parentElement;
    button.addEventListener("click", () => {
      const down = header.getAttribute("aria-sort") === "ascending";
      table.querySelectorAll("th").forEach((other) => other.removeAttribute("aria-sort"));
      header.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = (row) => row.cells[header.cellIndex].dataset.sort ?? row.cells[header.cellIndex].textContent.trim();
      const order = new Intl.Collator("en", { numeric: true }).compare;
      const rows = [...body.rows].sort((a, b) => order(key(a), key(b)) * (down ? -1 : 1));
      body.append(...rows);
    });
  });
}
const search = document.querySelector("#search");
const shown = document.querySelector("#shown");
function filter() {
  const wanted = search.value.toLowerCase().split(" ").filter(Boolean);
  let count = 0;
  for (const row of document.querySelectorAll(".findings > tbody > tr")) {
    const text = row.textContent.toLowerCase();
    row.hidden = !wanted.every((word) => text.includes(word));
    if (!row.hidden) count += 1;
  }
  shown.textContent = count + " shown";
}
if (search) { search.closest(".filter").hidden = false; search.addEventListener("input", filter); }
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((each) => { each.open = true; }));
`;
