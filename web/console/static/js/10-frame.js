// The frame: what stays while pages are swapped in.
"use strict";
{
  const here = () => {
    for (const each of document.querySelectorAll("input.here")) each.value = location.pathname + location.search;
  };
  const fading = () => {
    const said = document.querySelector(".toast");
    if (said) setTimeout(() => said.remove(), 6000);
  };
  const ready = () => { here(); fading(); };
  document.addEventListener("DOMContentLoaded", ready);
  document.addEventListener("htmx:after:swap", ready);
  document.addEventListener("click", (event) => {
    for (const open of document.querySelectorAll("details.me[open]")) if (!open.contains(event.target)) open.open = false;
  });
}
