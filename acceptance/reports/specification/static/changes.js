"use strict";

// Which earlier run the page is compared with, in its address too. Without this it is the last one.
(() => {
  const select = document.querySelector("#since");
  if (!select) return;
  const LAST = "last";
  const show = () => {
    for (const part of document.querySelectorAll(".changes-since")) {
      part.hidden = part.dataset.since !== select.value;
    }
  };
  const recall = () => {
    const wanted = new URLSearchParams(location.search).get("since");
    // The last run also stands for one that is no longer kept.
    select.value = [...select.options].some((each) => each.value === wanted) ? wanted : LAST;
    show();
    if (select.value !== LAST) select.closest("details").open = true;
  };
  select.addEventListener("change", () => {
    show();
    const query = new URLSearchParams(location.search);
    query.delete("since");
    if (select.value !== LAST) query.set("since", select.value);
    history.replaceState(null, "", location.href.replace(/[?#].*$/, "") +
      (String(query) && `?${query}`) + location.hash);
  });
  addEventListener("popstate", recall);
  document.querySelector(".since-last").hidden = true;
  select.hidden = false;
  recall();
})();
