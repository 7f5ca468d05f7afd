// Where an answer does not come, or the server fails: said calmly, and the page with all that was typed stays as it is.
{
  const say = (kind) => {
    const box = document.getElementById("trouble");
    if (!box) return;
    for (const each of box.querySelectorAll("[data-for]")) each.hidden = each.dataset.for !== kind;
    box.hidden = false;
  };
  const hush = () => { const box = document.getElementById("trouble"); if (box) box.hidden = true; };
  const isAsked = (ctx) => Boolean(ctx?.sourceElement?.matches?.("a, form, button"));
  document.addEventListener("htmx:before:response", (event) => {
    const ctx = event.detail?.ctx;
    if (!ctx || ctx.response.status < 500) return;
    event.preventDefault();
    if (isAsked(ctx)) say("server");
  });
  document.addEventListener("htmx:error", (event) => { if (isAsked(event.detail?.ctx)) say("network"); });
  document.addEventListener("htmx:after:swap", (event) => { if (event.detail?.ctx?.target?.id === "page") hush(); });
  document.addEventListener("click", (event) => { if (event.target.closest?.("#trouble button")) hush(); });
  window.addEventListener("online", hush);
}
