// What was refused is selected, so that the person can type over it.
document.querySelector(".is-invalid[autofocus]")?.select();
