// A refusal is about what was sent. Once the person types, it says nothing true any more.
document.addEventListener("input", ({ target }) => {
  if (!target.matches(".is-invalid")) return;
  target.classList.remove("is-invalid"); // Bootstrap hides the message beside the field
  target.removeAttribute("aria-invalid");
  target.removeAttribute("aria-describedby");
});
