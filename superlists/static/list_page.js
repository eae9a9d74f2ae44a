// A check box is saved as soon as it changes. Without scripts, a button beside it does that.
document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-send-when-changed]")) target.form.requestSubmit();
});

// A new item is the last one. It comes into sight, and it is announced: screen readers announce what
// changes on a page, and not what is there from the beginning.
const added = document.querySelector(".added");
if (added) {
  const item = document.querySelector("#id_list_table tr:last-child");
  item?.classList.add("new-item");
  item?.scrollIntoView({ block: "nearest" });
  const announcement = added.textContent;
  added.textContent = "";
  setTimeout(() => (added.textContent = announcement), 100);
}
