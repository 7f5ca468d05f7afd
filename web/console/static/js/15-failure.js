// Where an answer does not come, the server fails, or a form that was filled in is not even read: said calmly, and the page with all that
// was typed stays as it is.
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
  // Signed out meanwhile: he signs in beside it, and sends the form again.
  const isFilled = (ctx) => (ctx?.sourceElement?.form ?? ctx?.sourceElement)?.matches?.("form[data-touched]");
  document.addEventListener("htmx:before:response", (event) => {
    const ctx = event.detail?.ctx;
    if (!isFilled(ctx) || !ctx.hx?.redirect?.startsWith("/sign-in")) return;
    event.preventDefault();
    say("session");
  });
  // A page that only says why – too large, too often, not found – is no answer for which everything is given up.
  document.addEventListener("htmx:before:swap", (event) => {
    const ctx = event.detail?.ctx;
    if (!isFilled(ctx) || ctx.response.status < 400) return;
    const said = new DOMParser().parseFromString(ctx.text, "text/html").querySelector("[data-failure]");
    if (!said) return;
    event.preventDefault();
    say("refused");
    const sentences = [...said.querySelectorAll("h1, [data-way-out]")].map((each) => each.textContent.trim());
    document.querySelector('#trouble [data-for="refused"] strong').textContent = sentences.join(" ");
  });
  document.addEventListener("htmx:error", (event) => { if (isAsked(event.detail?.ctx)) say("network"); });
  document.addEventListener("htmx:after:swap", (event) => { if (event.detail?.ctx?.target?.id === "page") hush(); });
  document.addEventListener("click", (event) => { if (event.target.closest?.("#trouble button")) hush(); });
  window.addEventListener("online", hush);
}
