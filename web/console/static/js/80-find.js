// Finding while somebody types: a list under the field, walked with the arrows. Whoever scans is not kept waiting for it.
{
  const PAUSE = 250, FEWEST = 3;
  let waiting = 0, asking = null;
  const field = () => document.getElementById("find");
  const list = () => document.getElementById("find-hits");
  const options = () => [...(list()?.querySelectorAll(".hit") ?? [])];
  const choose = (at) => {
    options().forEach((each, place) => each.setAttribute("aria-selected", String(place === at)));
    const chosen = options()[at];
    if (chosen) { field().setAttribute("aria-activedescendant", chosen.id); chosen.scrollIntoView({ block: "nearest" }); }
    else field().removeAttribute("aria-activedescendant");
  };
  const chosen = () => options().findIndex((each) => each.getAttribute("aria-selected") === "true");
  const close = () => {
    clearTimeout(waiting);
    asking?.abort();
    if (!list()) return;
    list().replaceChildren();
    list().hidden = true;
    field().setAttribute("aria-expanded", "false");
    field().removeAttribute("aria-activedescendant");
  };
  const ask = async (text) => {
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(`/find/hits?q=${encodeURIComponent(text)}`, { headers: { "HX-Request": "true" }, signal: asking.signal });
      if (!answer.ok || answer.status === 204 || field()?.value.trim() !== text) return;
      list().innerHTML = await answer.text();
      const said = list().querySelector("[data-said]");
      document.getElementById("find-said").textContent = said ? said.textContent : "";
      said?.remove();
      list().hidden = !options().length;
      field().setAttribute("aria-expanded", String(!list().hidden));
      htmx.process(list());
    } catch { /* given up, or no network: Enter still finds */ }
  };
  document.addEventListener("input", (event) => {
    if (event.target.id !== "find" || event.isComposing) return;
    clearTimeout(waiting);
    const text = event.target.value.trim();
    if (text.length < FEWEST) close();
    else waiting = setTimeout(() => ask(text), PAUSE);
  });
  document.addEventListener("compositionend", (event) => {
    if (event.target.id === "find") event.target.dispatchEvent(new Event("input", { bubbles: true }));
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.id !== "find" || event.isComposing) return;
    const count = options().length, at = chosen();
    if (event.key === "ArrowDown" && count) choose((at + 1) % count);
    else if (event.key === "ArrowUp" && count) choose((at <= 0 ? count : at) - 1);
    else if (event.key === "Enter" && at >= 0) options()[at].click();
    else if (event.key === "Escape" && event.target.value) { event.target.value = ""; close(); }
    else if (event.key === "Escape") event.target.blur();
    else return;
    event.preventDefault();
  });
  document.addEventListener("submit", (event) => { if (event.target.matches(".find")) close(); });
  document.addEventListener("focusout", (event) => {
    if (event.target.id === "find" && !list()?.contains(event.relatedTarget)) setTimeout(() => { if (document.activeElement?.id !== "find") close(); }, 150);
  });
}
