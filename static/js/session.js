/* The end of a session, seen from an open page. After half an hour without a request nothing of a patient stays on the
   screen. A page on which something may be typed keeps it, covered, until its owner has logged in again in another tab;
   any other page goes to the log-in. A swap that comes too late is answered with 401 and leaves the page as it is. */
(function () {
  "use strict";

  const { session, login, user, idle } = document.body.dataset;
  const notice = document.getElementById("session-ended");
  const typed = document.querySelector("form[data-unsaved]") !== null;
  const wait = Number(idle) * 1000 + 5000;
  let last = Date.now();
  let timer = 0;

  function announce(text) {
    document.getElementById("announcer").textContent = text;
  }

  async function ask() {
    const answer = await fetch(session, { headers: { Accept: "application/json" } }).catch(() => null);
    return answer && answer.ok ? answer.json() : null;
  }

  const isOurs = (state) => state.signed_in && String(state.user) === user;

  function say() {
    if (!notice.hidden) return;
    notice.hidden = false;
    announce(notice.textContent.trim());
  }

  function restart() {
    last = Date.now();
    window.clearTimeout(timer);
    timer = window.setTimeout(look, wait);
  }

  /* Other tabs may have kept the session alive: only the server knows. */
  async function look() {
    const state = await ask();
    if (state === null || isOurs(state)) { restart(); return; }
    if (!typed) { window.location.assign(login); return; }
    document.body.classList.add("session-over");
    say();
  }

  async function returned() {
    if (notice.hidden) {
      if (Date.now() - last > wait) look();
      return;
    }
    const state = await ask();
    if (state === null || !isOurs(state)) return;
    document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((input) => { input.value = state.token; });
    document.body.setAttribute("hx-headers", JSON.stringify({ "x-csrftoken": state.token }));
    document.body.classList.remove("session-over");
    notice.hidden = true;
    restart();
    announce("You are logged in again. Nothing was lost; save when you are ready.");
  }

  document.body.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.status === 401) {
      if (!typed) return;
      event.preventDefault();
      say();
    } else {
      restart();
    }
  });
  window.addEventListener("focus", returned);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) returned(); });
  restart();
})();
