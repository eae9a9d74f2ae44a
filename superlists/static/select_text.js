// Text that was refused, or that is there to be changed, is selected, so that people can type over it.
document.querySelector(".is-invalid[autofocus], [data-select]")?.select();
