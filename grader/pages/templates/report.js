"use strict";
// Sorts the tables of the report: a button in each head, by words or by numbers, empty cells always last.
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const key = (row, column) => {
    const cell = row.cells[column];
    const text = cell.dataset.key ?? cell.textContent.trim();
    return heads[column].classList.contains("number") ? (text === "" ? NaN : Number(text)) : text;
  };
  const compare = (one, other) =>
    typeof one === "number" ? one - other : one.localeCompare(other, "en", { numeric: true });
  const missing = (value) => value === "" || Number.isNaN(value);
  const sort = (column) => {
    const down = heads[column].ariaSort
      ? heads[column].ariaSort === "ascending"
      : heads[column].classList.contains("number");
    const keyed = [...body.rows].map((row) => [key(row, column), row]);
    keyed.sort(([one], [other]) =>
      missing(one) || missing(other) ? missing(one) - missing(other) : compare(one, other) * (down ? -1 : 1));
    heads.forEach((head) => head.removeAttribute("aria-sort"));
    heads[column].ariaSort = down ? "descending" : "ascending";
    body.append(...keyed.map(([, row]) => row));
  };
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(column));
    head.append(button);
  });
}
