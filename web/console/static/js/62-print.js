// What is printed has a button for it, where there is a script to press it.
{
  const ready = () => { for (const each of document.querySelectorAll("[data-print]")) each.hidden = false; };
  document.addEventListener("DOMContentLoaded", ready);
  document.addEventListener("htmx:after:swap", ready);
  document.addEventListener("click", (event) => { if (event.target.closest?.("[data-print]")) window.print(); });
  const over = (event, is) => event.target.closest?.(".drop")?.classList.toggle("is-over", is);
  document.addEventListener("dragenter", (event) => over(event, true));
  for (const name of ["dragleave", "drop"]) document.addEventListener(name, (event) => over(event, false));
}
