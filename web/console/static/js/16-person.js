// One browser, one person: where another window signs out, or somebody else signs in there, this one is loaded anew – but not while something
// is being filled in: sent under another's name it is refused, and stays.
{
  const mine = document.documentElement.dataset.person;
  if (mine !== undefined && "BroadcastChannel" in window) {
    const windows = new BroadcastChannel("aftercare-person");
    windows.addEventListener("message", (event) => {
      if (event.data !== mine && !document.querySelector("form[data-touched]")) location.replace(location.origin + location.pathname + location.search);
    });
    windows.postMessage(mine);
  }
}
