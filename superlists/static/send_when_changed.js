// A check box is saved as soon as it changes. Without scripts, a button beside it does that.
document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-send-when-changed]")) target.form.requestSubmit();
});
