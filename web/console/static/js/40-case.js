// A case that stays open: told when somebody else was there; its number copied; the way to what can be done shown only while that is out of sight.
{
  const EVERY = 15000;
  const look = () => {
    const told = document.getElementById("changed");
    if (told && !told.childElementCount && document.visibilityState === "visible") told.dispatchEvent(new CustomEvent("look"));
  };
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);

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
