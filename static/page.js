// What Streamlit leaves to do on every page.
(() => {
  "use strict";
  if (window.pageHelp) return; // the page was drawn again: the first listeners still stand
  window.pageHelp = true;

  // On a phone the menu covers the page: it closes when a page of it is chosen.
  const phone = window.matchMedia("(max-width: 767px)");
  document.addEventListener("click", (event) => {
    const menu = event.target.closest?.("[data-testid=stSidebarNavLink]")
      ?.closest("[data-testid=stSidebar]");
    if (!menu || !phone.matches) return;
    const close = menu.querySelector("[data-testid=stSidebarCollapseButton] button");
    setTimeout(() => close?.click(), 0);
  });

  // A print says where it is from and when it was made.
  window.addEventListener("beforeprint", () => {
    const day = new Date().toLocaleDateString("en-GB", { dateStyle: "long" });
    for (const place of document.querySelectorAll("[data-printed]")) {
      place.textContent = `Printed from ${location.href} on ${day}.`;
    }
  });
})();
