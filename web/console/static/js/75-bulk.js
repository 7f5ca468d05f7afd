// Cases are ticked: all of a page at once, and how many stands on the button, which waits for the first; x ticks the one that was walked to.
{
  const forms = () => document.querySelectorAll("form[data-select]");
  const boxes = (form) => [...form.querySelectorAll('input[name="number"]')];
  const count = (form) => {
    const ticked = boxes(form).filter((each) => each.checked).length;
    const all = form.querySelector("[data-select-all]");
    if (all) {
      all.checked = ticked > 0 && ticked === boxes(form).length;
      all.indeterminate = ticked > 0 && ticked < boxes(form).length;
    }
    for (const each of form.querySelectorAll("[data-select-count]")) {
      each.textContent = ticked ? ` (${ticked})` : "";
      each.closest("button").disabled = !ticked;
    }
  };
  const ready = () => {
    for (const form of forms()) {
      for (const each of form.querySelectorAll(".select-all")) each.hidden = false;
      count(form);
    }
  };
  document.addEventListener("DOMContentLoaded", ready);
  document.addEventListener("htmx:after:swap", ready);
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-select]");
    if (!form) return;
    if (event.target.matches("[data-select-all]")) for (const each of boxes(form)) each.checked = event.target.checked;
    count(form);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "x" || event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.documentElement.dataset.keys === "off" || document.querySelector("dialog[open]")) return;
    if (/^(TEXTAREA|SELECT)$/.test(event.target.tagName) || (event.target.tagName === "INPUT" && event.target.type !== "checkbox")) return;
    const box = document.querySelector('[data-line][data-chosen] input[name="number"]');
    if (!box) return;
    box.click();
    event.preventDefault();
  });
}
