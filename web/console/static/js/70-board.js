// The board: a card is dragged onto a column, or moved with m; either asks the server which steps lead there. Nothing moves before it says so.
// It looks for what is new while somebody sees it, but not while he moves a card.
{
  const FAR = 6;
  const EVERY = 30000;
  let drag = null;
  let kept = null;
  let hasDragged = false;

  const isOff = () => document.documentElement.dataset.keys === "off";
  const dialog = () => document.getElementById("move");
  const chosen = () => document.querySelector(".case[data-chosen]") || document.activeElement?.closest(".case");

  const ask = (card, column) => {
    const link = card.querySelector("[data-move]");
    const address = link.getAttribute("href");
    const to = column ? `${address.includes("?") ? "&" : "?"}to=${encodeURIComponent(column)}` : "";
    htmx.ajax("GET", address + to, { source: link, target: "#move", swap: "innerHTML" });
  };

  const columnAt = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest(".column");
  const place = (event) => {
    drag.ghost.style.transform = `translate(${event.clientX - drag.x}px, ${event.clientY - drag.y}px)`;
    const over = columnAt(event);
    for (const each of document.querySelectorAll(".column[data-over]")) if (each !== over) each.removeAttribute("data-over");
    if (over && over !== drag.card.closest(".column")) over.setAttribute("data-over", "");
  };
  const begin = (event) => {
    const box = drag.card.getBoundingClientRect();
    drag.x -= box.left;
    drag.y -= box.top;
    drag.ghost = drag.card.cloneNode(true);
    drag.ghost.removeAttribute("id");
    drag.ghost.classList.add("ghost");
    drag.ghost.style.width = `${box.width}px`;
    document.body.append(drag.ghost);
    drag.card.setAttribute("data-dragged", "");
    document.body.classList.add("is-dragging");
    const reach = drag.card.dataset.to.split(" ");
    for (const each of document.querySelectorAll(".column")) each.dataset.reach = reach.includes(each.dataset.column) ? "yes" : "no";
    place(event);
  };
  const end = () => {
    drag?.ghost?.remove();
    drag?.card.removeAttribute("data-dragged");
    document.body.classList.remove("is-dragging");
    for (const each of document.querySelectorAll(".column[data-over]")) each.removeAttribute("data-over");
    drag = null;
  };

  document.addEventListener("pointerdown", (event) => {
    hasDragged = false;
    const card = event.target.closest(".board .case");
    if (!card || event.button !== 0 || event.pointerType === "touch" || event.target.closest("[data-move]")) return;
    drag = { card, x: event.clientX, y: event.clientY, ghost: null };
  });
  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    if (drag.ghost) place(event);
    else if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > FAR) begin(event);
  });
  document.addEventListener("pointerup", (event) => {
    if (!drag) return;
    const { card, ghost } = drag;
    const column = ghost && columnAt(event);
    hasDragged = Boolean(ghost);
    end();
    if (column && column !== card.closest(".column")) ask(card, column.dataset.column);
  });
  document.addEventListener("pointercancel", end);
  document.addEventListener("click", (event) => {
    if (!hasDragged) return;
    hasDragged = false;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  document.addEventListener("dragstart", (event) => { if (event.target.closest?.(".case")) event.preventDefault(); });

  const beside = (step) => {
    const columns = [...document.querySelectorAll(".column")].filter((each) => each.querySelector(".case"));
    const at = columns.indexOf(chosen()?.closest(".column"));
    const next = columns[Math.min(Math.max(at + step, 0), columns.length - 1)]?.querySelector(".case");
    if (!next) return;
    for (const each of document.querySelectorAll("[data-chosen]")) each.removeAttribute("data-chosen");
    next.setAttribute("data-chosen", "");
    next.querySelector("a").focus();
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drag) return end();
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || !document.querySelector(".board")) return;
    if (isOff() || document.querySelector("dialog[open]") || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    if (event.key === "h") beside(-1);
    else if (event.key === "l") beside(1);
    else if (event.key === "m" && chosen()) ask(chosen(), null);
    else return;
    event.preventDefault();
  });

  const look = () => {
    const shown = document.getElementById("board") || document.getElementById("wall");
    if (shown && document.visibilityState === "visible" && !drag && !document.querySelector("dialog[open]")) shown.dispatchEvent(new CustomEvent("look"));
  };
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);

  document.addEventListener("htmx:before:swap", () => { kept = document.querySelector(".case[data-chosen]")?.id; });
  document.addEventListener("htmx:after:swap", () => {
    document.getElementById(kept)?.setAttribute("data-chosen", "");
    const sheet = dialog();
    if (sheet?.firstElementChild && !sheet.open) sheet.showModal();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]") || event.target === dialog()) {
      if (!dialog()?.open) return;
      event.preventDefault();
      dialog().close();
    }
    for (const open of document.querySelectorAll("details.picker[open]")) if (!open.contains(event.target)) open.open = false;
  });
  document.addEventListener("close", (event) => { if (event.target.id === "move") event.target.replaceChildren(); }, true);
}
