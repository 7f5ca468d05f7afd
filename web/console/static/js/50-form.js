// Forms: a scanner's Enter goes on to the next field, rows come and go at once, what was there before is taken over by a button.
{
  const ONE_LINE = "input:not([type=hidden], [type=checkbox], [type=radio], [type=file], [type=submit])";
  const isVisible = (element) => element.offsetParent !== null && !element.closest("details:not([open])");
  const fields = (form) => [...form.querySelectorAll("input:not([type=hidden]), select, textarea")].filter(isVisible);
  const sender = (form) => form.querySelector("button[data-sends]");

  const after = (field, form) => {
    const all = fields(form);
    const rest = all.slice(all.indexOf(field) + 1).filter((each) => each.type !== "radio" || each.name !== field.name);
    return rest[0] ?? sender(form);
  };

  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("form[data-fills]");
    if (!form || event.key !== "Enter" || event.isComposing) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      form.requestSubmit(sender(form));
    } else if (event.target.matches(`${ONE_LINE}, input[type=radio]`)) {
      event.preventDefault();
      const next = after(event.target, form);
      next?.focus();
      if (next?.matches(ONE_LINE)) next.select();
    }
  });

  const count = (grid) => grid.querySelectorAll("tbody tr").forEach((row, place) => {
    const head = row.querySelector(".place");
    if (head.firstChild?.nodeType === Node.TEXT_NODE) head.firstChild.data = place + 1;
    else head.prepend(String(place + 1));
  });

  const changed = (place) => place.dispatchEvent(new Event("change", { bubbles: true }));

  const addRow = (grid) => {
    const row = grid.querySelector("template").content.firstElementChild.cloneNode(true);
    const place = String((grid.dataset.next ??= String(grid.querySelectorAll("tbody tr").length)));
    grid.dataset.next = String(Number(place) + 1);
    for (const each of row.querySelectorAll("[id], [for], [name], [value]")) {
      for (const name of ["id", "for", "name", "value"]) {
        const said = each.getAttribute(name);
        if (said?.includes("__row__")) each.setAttribute(name, said.replace("__row__", place));
      }
    }
    grid.querySelector("tbody").append(row);
    count(grid);
    changed(grid);
    row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  };

  const dropRow = (grid, row) => {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    count(grid);
    changed(grid);
    (next?.querySelector("[data-drop-row]") ?? grid.querySelector("[data-add-row]"))?.focus();
  };

  const takeOver = (button) => {
    const value = button.dataset.takeOver;
    for (const each of button.closest(".field").querySelectorAll("input, select, textarea")) {
      if (each.type === "checkbox") each.checked = value.split(" ").includes(each.value);
      else if (each.type === "radio") each.checked = each.value === value;
      else each.value = value;
    }
    changed(button.closest(".field"));
    button.closest(".field").querySelector("input, select, textarea")?.focus();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button");
    const grid = button?.closest("[data-rows]");
    if (button?.matches("[data-take-over]")) takeOver(button);
    else if (grid && button.matches("[data-add-row]")) addRow(grid);
    else if (grid && button.matches("[data-drop-row]")) dropRow(grid, button.closest("tr"));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);

  document.addEventListener("change", (event) => {
    if (!event.target.matches?.(".upload input[type=file]")) return;
    const label = event.target.closest(".upload");
    const names = [...event.target.files].map((each) => each.name);
    label.querySelector(".chosen")?.remove();
    if (!names.length) return;
    const said = document.createElement("span");
    said.className = "chosen";
    said.textContent = names.join(", ");
    label.append(said);
  });

  // A page is swapped in from its top: what went wrong, or the form that was opened, is led into sight – and what one types in first.
  const lead = () => {
    const start = document.querySelector(".faults, .overtaken, .foreseen") ?? document.querySelector(".open-form");
    if (!start) return;
    start.scrollIntoView({ block: "start" });
    if (document.activeElement?.closest("form[data-fills]")) document.activeElement.scrollIntoView({ block: "nearest" });
  };

  const ready = () => { for (const each of document.querySelectorAll("[data-take-over]")) each.hidden = false; };
  document.addEventListener("DOMContentLoaded", ready);
  document.addEventListener("htmx:after:swap", ready);
  document.addEventListener("htmx:after:settle", (event) => { if (event.target.id === "page") setTimeout(lead); });
}
