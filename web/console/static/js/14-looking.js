// A page that looks for what is new by itself leaves alone what somebody is at – what he fills in, has unfolded, has marked, drags – and
// looks again later. Where it is answered anything but news, such as that he is signed out, it stays as it is.
{
  const OK = 200;
  const AT = "form[data-touched], details[open], [data-dragged]";
  const isLook = (ctx) => ctx?.sourceElement?.getAttribute?.("hx-trigger") === "look";
  const isMarked = (place) => {
    const marked = document.getSelection();
    return marked.rangeCount > 0 && !marked.isCollapsed && marked.getRangeAt(0).intersectsNode(place);
  };
  document.addEventListener("htmx:before:response", (event) => {
    const ctx = event.detail?.ctx;
    if (isLook(ctx) && (ctx.response.status !== OK || ctx.hx?.redirect)) event.preventDefault();
  });
  document.addEventListener("htmx:before:swap", (event) => {
    const ctx = event.detail?.ctx;
    if (isLook(ctx) && (ctx.target.querySelector(AT) || isMarked(ctx.target))) event.preventDefault();
  });
}
