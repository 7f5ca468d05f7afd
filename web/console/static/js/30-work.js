// My work: looks for what is new while somebody sees it, keeps the line that is chosen; x takes it.
{
  const EVERY = 15000;
  let kept = null;

  const work = () => document.getElementById("work");
  const lines = () => [...document.querySelectorAll("#work [data-line]")];
  const chosen = () => document.querySelector("#work [data-chosen]");

  const look = () => {
    if (work() && document.visibilityState === "visible" && !document.querySelector("dialog[open]")) work().dispatchEvent(new CustomEvent("look"));
  };
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);

  const choose = (line) => {
    for (const each of lines()) each.toggleAttribute("data-chosen", each === line);
  };
  const tell = (fresh) => {
    const news = document.getElementById("work-news");
    if (!news || !fresh.length) return;
    for (const each of fresh) each.setAttribute("data-new", "");
    news.textContent = (fresh.length === 1 ? news.dataset.one : news.dataset.many).replace("{n}", fresh.length);
    setTimeout(() => { news.textContent = ""; }, 6000);
  };

  document.addEventListener("htmx:before:swap", (event) => {
    const isLook = event.detail.ctx?.target === work();
    kept = work() && { isLook, ids: new Set(lines().map((each) => each.id)), id: chosen()?.id, at: lines().indexOf(chosen()) };
  });
  document.addEventListener("htmx:after:swap", () => {
    const before = kept;
    kept = null;
    if (!before || !work()) return;
    if (before.isLook) tell(lines().filter((each) => !before.ids.has(each.id)));
    if (before.at < 0) return;
    const next = document.getElementById(before.id) || lines()[Math.min(before.at, lines().length - 1)];
    if (!next) return;
    choose(next);
    if (!before.isLook || document.activeElement === document.body) next.querySelector("a")?.focus({ preventScroll: before.isLook });
  });

  document.addEventListener("keydown", (event) => {
    if (document.documentElement.dataset.keys === "off" || event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key !== "x" || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || document.querySelector("dialog[open]")) return;
    chosen()?.querySelector("[data-take]")?.click();
  });
}
