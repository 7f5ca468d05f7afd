// What has been filled in is not lost by going elsewhere – by a link, a key, the browser's way back, another button, a dialog that is shut –
// without being asked first. The form's own answer is no leaving.
{
  const BEGUN = "form[data-touched]";
  let at = location.href;
  const begun = (place) => [...(place?.querySelectorAll?.(BEGUN) ?? [])];
  const forget = (forms) => { for (const each of forms) each.removeAttribute("data-touched"); };

  const touch = (event) => {
    const form = event.target.closest?.("#page:not(.is-outside) form");
    if (form?.method === "post") form.setAttribute("data-touched", "");
  };
  document.addEventListener("input", touch);
  document.addEventListener("change", touch);

  const ask = (go, stay) => {
    const dialog = document.getElementById("leaving");
    dialog.returnValue = "";
    dialog.addEventListener("close", () => (dialog.returnValue === "leave" ? go() : stay?.()), { once: true });
    dialog.showModal();
  };

  // The answer to a request that would take the place of a form which is not its own.
  const lost = (ctx) => begun(ctx?.target).filter((form) => form !== ctx.sourceElement && form !== ctx.sourceElement?.form);
  document.addEventListener("htmx:config:request", (event) => {
    if (lost(event.detail?.ctx).length) event.detail.ctx.confirm = "leave";
  });
  document.addEventListener("htmx:confirm", (event) => {
    const { ctx, issueRequest, dropRequest } = event.detail;
    event.preventDefault();
    ask(() => { forget(lost(ctx)); issueRequest(); }, dropRequest);
  });

  // The browser has gone back already when it is heard of: the page that is left stands in the history once more.
  const stand = () => { at = location.href; };
  document.addEventListener("htmx:after:swap", stand);
  window.addEventListener("hashchange", stand);
  document.addEventListener("htmx:before:history:restore", (event) => {
    if (!begun(document).length) return;
    event.preventDefault();
    history.pushState({ htmx: true }, "", at);
    ask(() => { forget(begun(document)); history.back(); });
  });

  window.addEventListener("beforeunload", (event) => { if (begun(document).length) event.preventDefault(); });
  document.addEventListener("submit", (event) => { if (!event.defaultPrevented) forget([event.target]); });

  const shut = (event) => {
    const dialog = event.target.closest?.("dialog");
    if (!begun(dialog).length || !(event.target === dialog || (event.type === "click" && event.target.closest("[data-close]")))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(() => { forget(begun(dialog)); dialog.close(); });
  };
  document.addEventListener("cancel", shut, true);
  document.addEventListener("click", shut, true);
}
