// A scanner types very fast and ends with Enter. Where nobody is writing, what it types is looked for, and no shortcut hears of it.
{
  const FAST = 50; // milliseconds between two signs: no finger is as quick
  const LEAST = 4; // signs; fewer are somebody who types quickly
  let signs = "", timer = 0;

  const isFree = (element) => !element.isContentEditable && !element.closest?.("input, textarea, select, form[data-fills]");
  const isBusy = () => document.querySelector("dialog[open], form[data-touched]") !== null;
  const field = () => document.querySelector("[data-scan]") ?? document.getElementById("find");

  // What no scanner has typed is handed on, one sign after the other.
  const handOn = () => {
    const typed = [...signs];
    signs = "";
    const target = document.activeElement ?? document.body;
    for (const key of typed) target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  };

  const look = () => {
    const found = field(), text = signs;
    signs = "";
    if (!found || isBusy()) return;
    found.value = text;
    found.form.requestSubmit();
  };

  document.addEventListener("keydown", (event) => {
    const isOther = !event.isTrusted || event.isComposing || event.repeat || event.ctrlKey || event.metaKey || event.altKey;
    if (isOther || !isFree(event.target)) return;
    const ends = event.key === "Enter" && signs.length >= LEAST;
    if (!ends && (event.key.length !== 1 || (event.key === " " && !signs))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    clearTimeout(timer);
    if (ends) look();
    else {
      signs += event.key;
      timer = setTimeout(handOn, FAST);
    }
  }, true);
}
