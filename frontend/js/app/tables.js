// A table that is pasted, from a page or a spreadsheet, becomes a table in Markdown.

const cellOf = (cell) => cell.textContent.replace(/\s+/g, " ").trim().replace(/[\\|]/g, "\\$&");

/** Without what only says how it looked elsewhere; the page's own policy would complain of each. */
const plain = (html) => html.replace(/<style\b[\s\S]*?<\/style>/gi, "").replace(/\sstyle\s*=\s*("[^"]*"|'[^']*')/gi, "");

/** The table that `html` is, as Markdown; null if it is none, or more than one. */
function markdownOf(html) {
  const { body } = new DOMParser().parseFromString(plain(html), "text/html");
  const [table, another] = body.querySelectorAll("table");
  if (!table || another) return null;
  const rows = [...table.rows].map((row) => [...row.cells].map(cellOf)).filter((row) => row.some(Boolean));
  const width = Math.max(0, ...rows.map((row) => row.length));
  table.remove();
  body.querySelectorAll("script, title").forEach((element) => element.remove());
  if (body.textContent.trim() || rows.length < 2 || width < 2) return null;
  const line = (cells) => `| ${Array.from({ length: width }, (_, at) => cells[at] ?? "").join(" | ")} |`;
  return [line(rows[0]), line(Array(width).fill("---")), ...rows.slice(1).map(line)].join("\n");
}

/** For the paste event of a text field. */
export function pasteTable(event) {
  const html = event.clipboardData?.getData("text/html");
  const markdown = html && /<table/i.test(html) && markdownOf(html);
  if (!markdown) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { currentTarget: area } = event;
  const before = area.value.slice(0, area.selectionStart);
  const gap = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  // So that it can be undone; where that is not known, it is put in all the same.
  if (!document.execCommand("insertText", false, `${gap}${markdown}\n\n`)) area.setRangeText(`${gap}${markdown}\n\n`);
}
