// The keyboard: / finds, n receives, j and k walk through a list, a digit does what stands in that place, g and a letter goes to a page.
// Single letters can be turned off (WCAG 2.1.4): then only Escape, Enter and the arrows are left.
{
  const PAGES = { w: "/work", b: "/board", i: "/intake", m: "/bulk", a: "/incidents", p: "/people" };
  let going = 0;
  const isTyping = (target) => target.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !/^(checkbox|radio|button|submit)$/.test(target.type));
  const isOff = () => document.documentElement.dataset.keys === "off";
  const lines = () => [...document.querySelectorAll("#main [data-line]")];
  const walk = (step) => {
    const all = lines();
    if (!all.length) return;
    const at = all.findIndex((line) => line.hasAttribute("data-chosen"));
    const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
    for (const line of all) line.toggleAttribute("data-chosen", line === next);
    next.querySelector("a, button")?.focus();
  };
  const press = (digit) => {
    const line = lines().find((each) => each.hasAttribute("data-chosen"));
    if (lines().length && !line) return false;
    const button = (line ?? document.getElementById("main"))?.querySelector(`[data-digit="${digit}"]`) ?? line?.querySelectorAll(".line-actions :is(a, button)")[digit - 1];
    button?.click();
    return Boolean(button);
  };
  const go = (address) => {
    const link = document.querySelector(`.menu a[href="${address}"]`);
    link?.click();
    return Boolean(link);
  };
  const shut = () => {
    const open = [...document.querySelectorAll("details.me[open], details.rest[open]")];
    for (const each of open) { each.open = false; each.querySelector("summary").focus(); }
    const form = document.querySelector("[data-closes]");
    if (open.length || !form || document.querySelector("form[data-touched]")) return open.length > 0;
    form.click();
    return true;
  };
  const help = () => {
    const dialog = document.getElementById("keys");
    if (!dialog?.showModal) return false;
    dialog.showModal();
    return true;
  };
  const single = (key) => {
    if (going && Date.now() - going < 1500 && PAGES[key]) { going = 0; return go(PAGES[key]); }
    going = key === "g" ? Date.now() : 0;
    if (key === "g") return true;
    if (key === "/") { document.getElementById("find")?.focus(); document.getElementById("find")?.select(); return true; }
    if (key === "?") return help();
    if (key === "n") return go("/intake");
    if (key === "j" || key === "k") { walk(key === "j" ? 1 : -1); return true; }
    return /^[1-9]$/.test(key) && press(Number(key));
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.repeat && event.key !== "j" && event.key !== "k") return;
    if (event.key === "Escape" ? !event.target.closest?.(".find") && !document.querySelector("dialog[open]") && shut() : !isOff() && !isTyping(event.target) && !document.querySelector("dialog[open]") && single(event.key)) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("a[data-help]") && !event.ctrlKey && !event.metaKey && help()) { event.preventDefault(); event.stopPropagation(); }
  }, true);
  document.addEventListener("click", (event) => {
    for (const open of document.querySelectorAll("details.rest[open]")) if (!open.contains(event.target)) open.open = false;
  });
  document.addEventListener("focusin", (event) => {
    const line = event.target.closest?.("#main [data-line]");
    if (line) for (const each of lines()) each.toggleAttribute("data-chosen", each === line);
  });
}
