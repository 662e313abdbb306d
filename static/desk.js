// The keys of the desk. Every key does what a link or a button of the page does; while somebody types, keys are letters.
const TYPING = "input:not([type=checkbox]):not([type=radio]):not([type=submit]), select, textarea, [contenteditable]";
const rows = () => [...document.querySelectorAll("[data-keys=list] tbody td.main a")];

function moveTo(step) {
  const links = rows(), here = links.findIndex((link) => link.closest("tr").contains(document.activeElement));
  const next = here < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(here + step, 0), links.length - 1);
  links[next].focus();
}

function show(part) {
  part.open = part.dataset.key === "?" ? !part.open : true;
  (part.querySelector("input:not([type=hidden]), select, textarea") || part.querySelector("summary")).focus();
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.target.closest(TYPING)) return;
  const key = event.key.toLowerCase();
  if ((key === "j" || key === "k") && rows().length) {
    event.preventDefault();
    return moveTo(key === "j" ? 1 : -1);
  }
  const meant = /^[a-z?]$/.test(key) && document.querySelector(`[data-key="${key}"]`);
  if (!meant) return;
  event.preventDefault();
  if (meant.matches("a")) meant.click();
  else if (meant.matches("details")) show(meant);
  else meant.focus(); // a button is only reached: Enter presses it
});

// Only where keys work are they told.
document.querySelectorAll(".keys").forEach((keys) => { keys.hidden = false; });

// A ready sentence is taken over into the words, where it can be changed before it is sent.
addEventListener("change", (event) => {
  const select = event.target.closest("select[data-fills]"), words = select && select.form.elements[select.dataset.fills];
  if (!words || !select.value) return;
  if (!words.value.includes(select.value)) words.value = [words.value.trim(), select.value].filter(Boolean).join("\n");
  select.value = "";
  words.focus();
});
