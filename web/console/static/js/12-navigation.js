// Where one is after a swap: the heading of the new page has the focus, so that whoever listens hears it; and that something is under way:
// a form that has been sent is not sent again while its answer is awaited.
{
  const SOURCES = "a, form, button";
  document.documentElement.classList.add("has-script");
  const focused = new WeakMap();
  const pending = new Set();
  const isPost = (form) => form?.method === "post";
  const isOfPage = (ctx) => ctx?.target?.id === "page";
  const isNavigation = (source) => Boolean(source?.matches?.(SOURCES));
  const first = () => {
    const main = document.getElementById("main");
    const found = main?.querySelector("[autofocus]") ?? main?.querySelector('[aria-invalid="true"]') ?? main?.querySelector('[role="alert"]') ?? main?.querySelector("h1") ?? main;
    if (found && !found.matches("a, button, input, select, textarea, [tabindex]")) found.tabIndex = -1;
    return found;
  };
  document.addEventListener("htmx:before:swap", (event) => {
    const ctx = event.detail?.ctx;
    if (isOfPage(ctx)) focused.set(ctx, { moves: isNavigation(ctx.sourceElement), id: document.activeElement?.id, in: document.getElementById("page").contains(document.activeElement) });
  });
  document.addEventListener("htmx:after:swap", (event) => {
    const was = focused.get(event.detail?.ctx);
    if (!was) return;
    if (was.moves) first()?.focus({ preventScroll: true });
    else if (was.in && was.id) document.getElementById(was.id)?.focus({ preventScroll: true });
  });
  const wait = () => document.documentElement.classList.toggle("is-waiting", pending.size > 0);
  document.addEventListener("htmx:before:request", (event) => {
    const ctx = event.detail?.ctx;
    if (isNavigation(ctx?.sourceElement)) { pending.add(ctx); wait(); }
  });
  document.addEventListener("submit", (event) => {
    if (!isPost(event.target) || ![...pending].some((ctx) => ctx.sourceElement.closest("form") === event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  document.addEventListener("htmx:finally:request", (event) => { pending.delete(event.detail?.ctx); wait(); });
}
