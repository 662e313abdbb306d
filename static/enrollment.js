// Where htmx took over a form, a request without any answer must not pass in silence.
addEventListener("htmx:beforeRequest", () => document.getElementById("problem").replaceChildren());
addEventListener("htmx:sendError", () => {
  const problem = document.getElementById("problem");
  const notice = document.createElement("p");
  notice.className = "notice";
  notice.textContent = problem.dataset.unsent;
  problem.replaceChildren(notice);
});

// What somebody typed survives a call, a tunnel, a reload: kept on the device for a day, never the identity number,
// a code or a token, and gone once it is sent. Where the device keeps nothing, nothing is lost but this.
const own = document.querySelector("form[data-draft]")?.dataset.draft || (/[?&]colleague=/.test(location.search) && "colleague");
const KEPT = "draft" + (own ? "-" + own : ""), DAY = 24 * 3600 * 1000;
const typed = () => document.querySelectorAll("form[data-draft] input[type=text], form[data-draft] input[type=tel]");
const kept = (field) => field.name !== "identity" && field.name !== "code";
function restore() {
  const draft = JSON.parse(localStorage.getItem(KEPT) || "{}");
  if (!(draft.until > Date.now())) return localStorage.removeItem(KEPT);
  typed().forEach((field) => { if (kept(field) && !field.value) field.value = draft[field.name] || ""; });
}
function keep() {
  const draft = { until: Date.now() + DAY };
  typed().forEach((field) => { if (kept(field)) draft[field.name] = field.value; });
  localStorage.setItem(KEPT, JSON.stringify(draft));
}
try {
  if (/^\/(status|join\/receipt)\//.test(location.pathname)) ["draft", "draft-colleague"].forEach((name) => localStorage.removeItem(name));
  const group = location.pathname.match(/^\/founding\/(\w+)$/);
  if (group) ["request", "meeting", "votes"].forEach((name) => localStorage.removeItem("draft-" + group[1] + "-" + name));
  addEventListener("htmx:afterSwap", () => { if (document.querySelector("#refused[data-sent]")) localStorage.removeItem(KEPT); });
  if (document.querySelector("form[data-draft]")) restore();
  addEventListener("input", (event) => { if (event.target.closest("form[data-draft]")) keep(); });
} catch (refused) { /* storage is switched off */ }
