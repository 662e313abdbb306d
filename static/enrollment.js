// Where htmx took over a form, a request without any answer must not pass in silence.
addEventListener("htmx:beforeRequest", () => document.getElementById("problem").replaceChildren());
addEventListener("htmx:sendError", () => {
  const problem = document.getElementById("problem");
  const notice = document.createElement("p");
  notice.className = "notice";
  notice.textContent = problem.dataset.unsent;
  problem.replaceChildren(notice);
});
