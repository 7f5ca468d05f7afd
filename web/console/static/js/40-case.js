// A case that stays open: told when somebody else was there; its number copied; the way to what can be done shown only while that is out of sight.
{
  const EVERY = 15000;
  const look = () => {
    const told = document.getElementById("changed");
    if (told && !told.childElementCount && document.visibilityState === "visible") told.dispatchEvent(new CustomEvent("look"));
  };
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);

  // What is told stands above what he fills in, and moves none of it.
  let stood = null;
  const filledIn = () => document.activeElement?.closest("#filling");
  document.addEventListener("htmx:before:swap", (event) => {
    const field = event.detail?.ctx?.target?.id === "changed" && filledIn() ? document.activeElement : null;
    stood = field && { field, top: field.getBoundingClientRect().top };
  });
  document.addEventListener("htmx:after:swap", () => {
    if (stood) window.scrollBy({ top: stood.field.getBoundingClientRect().top - stood.top, behavior: "instant" });
    stood = null;
  });

  const watch = new IntersectionObserver((seen) => {
    const bar = document.querySelector(".dossier-bar");
    if (bar) bar.hidden = seen.at(-1).isIntersecting;
  }, { rootMargin: "-72px 0px -120px" });
  const ready = () => {
    watch.disconnect();
    const actions = document.querySelector(".dossier #actions");
    if (actions) watch.observe(actions);
    if (navigator.clipboard) for (const each of document.querySelectorAll("[data-copy]")) each.hidden = false;
  };
  document.addEventListener("DOMContentLoaded", ready);
  document.addEventListener("htmx:after:swap", ready);
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    button.classList.add("is-copied");
    button.querySelector(".unseen").textContent = button.dataset.copied;
    setTimeout(() => button.classList.remove("is-copied"), 1500);
  });
}
